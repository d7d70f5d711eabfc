using Lae.Kernels;

namespace Lae.Composition;

/// <summary>
/// How kernels of whatever state types come together. Where all have the state of an overdamped kernel (<see cref="LangevinState"/>, whose caches are those of the target, at any temperature) they share it; else they meet on the
/// position (<see cref="Combinators.OnPosition{TState}"/>, a gradient more to each). Equal types are not enough: two kernels with momenta may have other masses, and two reparametrised ones other variables.
/// </summary>
internal static class KernelMeeting
{
    /// <summary>What a combinator makes of kernels that share their state.</summary>
    public interface ICombination
    {
        /// <summary>The combined kernel.</summary>
        IKernel Of<TState>(IReadOnlyList<Kernel<TState>> kernels)
            where TState : class, IKernelState<TState>;
    }

    /// <summary>Kernels combined.</summary>
    /// <param name="kernels">One or more for one target.</param>
    /// <param name="combination">The combinator.</param>
    public static IKernel Combine(IEnumerable<IKernel> kernels, ICombination combination)
    {
        IKernel[] all = [.. kernels];
        return all.All(kernel => kernel is Kernel<LangevinState>)
            ? combination.Of<LangevinState>([.. all.Cast<Kernel<LangevinState>>()])
            : combination.Of<PositionState>([.. all.Select(static kernel => OnPosition(kernel))]);
    }

    /// <summary>A kernel as one of positions.</summary>
    public static Kernel<PositionState> OnPosition(IKernel kernel) => kernel as Kernel<PositionState> ?? OnPosition(kernel, temperature: 1);

    /// <summary>A kernel on π^{1/T} as one of positions with the log density of π.</summary>
    public static Kernel<PositionState> OnPosition(IKernel kernel, double temperature) => kernel.Accept(new ToPosition(temperature));

    private sealed class ToPosition(double temperature) : IKernelVisitor<Kernel<PositionState>>
    {
        public Kernel<PositionState> Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => kernel.OnUntemperedPosition(temperature);
    }
}
