namespace Lae.Kernels;

/// <summary>
/// Functions from kernels to kernels. What leaves a distribution invariant still does so after each of them. Those of one target hand the state on with its caches; where state types differ,
/// kernels meet on the position (<see cref="OnPosition{TState}"/>).
/// </summary>
public static partial class Combinators
{
    /// <summary>Throws unless there are kernels, all of one dimension and number type.</summary>
    private static void RequireAlike<TState>(IReadOnlyList<Kernel<TState>> kernels, string name)
        where TState : class, IKernelState<TState>
    {
        if (kernels.Count == 0)
        {
            throw new ArgumentException("One kernel or more is needed.", name);
        }

        foreach (Kernel<TState> kernel in kernels)
        {
            if (kernel.Dimension != kernels[0].Dimension || kernel.DType != kernels[0].DType)
            {
                throw new ArgumentException(
                    $"Kernels of one dimension and type are needed, not {kernels[0].DType}[{kernels[0].Dimension}] and {kernel.DType}[{kernel.Dimension}].", name);
            }
        }
    }
}
