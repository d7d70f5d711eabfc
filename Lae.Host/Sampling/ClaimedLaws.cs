using Lae.Composition;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>The laws of what a configured kernel claims, on the laws' own targets: a Gaussian, a banana and a mixture with deviations of about 1.</summary>
/// <param name="factory">Makes the kernel.</param>
/// <param name="recipe">The kernel's configuration, in which laws change the step size.</param>
/// <param name="options">The claim.</param>
internal sealed class ClaimedLaws(IKernelFactory factory, KernelRecipe recipe, LawOptions options) : IKernelVisitor<ClaimedLaws.Outcome>
{
    private const double AffineTolerance = 1e-9;
    private const int FewestDimensions = 2;
    private const int MostDimensions = 10;
    private const int UsualDimensions = 3;

    /// <summary>What was tried.</summary>
    /// <param name="Told">What the kernel was taken to claim, in a sentence.</param>
    /// <param name="Results">One result for each law; none if nothing is claimed.</param>
    internal sealed record Outcome(string Told, IReadOnlyList<LawResult> Results);

    /// <inheritdoc/>
    public Outcome Visit<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        // a kernel whose matrix has the target's dimension fits no other
        int dimension = kernel.Dimension is >= FewestDimensions and <= MostDimensions ? kernel.Dimension : UsualDimensions;
        double temperature = recipe.Number(KernelRecipe.Temperature) ?? 1;
        double? stepSize = recipe.OwnStepSize is { } own ? options.StepSize ?? own : null;
        LawClaim claim = temperature > 0 && kernel.DType == DType.Float64 ? options.Claim : LawClaim.None;
        IKernelFactory made = options.StepSize is not null && stepSize is { } other ? recipe.With(KernelRecipe.StepSize, other) : factory;
        try
        {
            Kernel<TState> plain = Create(made, GaussianTarget.Standard(dimension));
            claim = claim == LawClaim.Auto ? Shown(plain, stepSize) : claim;

            KernelLawSettings settings = new()
            {
                Temperature = temperature,
                GradientsPerTransition = null, // counted on the configured target
                IsReversible = options.Reversible,
                IsIsotropic = options.Isotropic ?? !(recipe.HasMatrix || DecidesByCoordinate(plain)),
                Order = options.Order,
                Dimension = dimension,
                Chains = options.Chains,
            };
            return claim switch
            {
                LawClaim.Exact => new Outcome($"As an exact kernel, on targets of dimension {dimension} and deviation 1", KernelLaws.Exact(target => Create(made, target), settings)),
                LawClaim.Unadjusted when stepSize is { } h => new Outcome(
                    $"As an unadjusted kernel, on targets of dimension {dimension} and deviation 1",
                    KernelLaws.Unadjusted((target, step) => Create(recipe.With(KernelRecipe.StepSize, step), target), h, settings)),
                LawClaim.Unadjusted => new Outcome("The laws of an unadjusted kernel are left out: it has no key StepSize.", []),
                _ => new Outcome("No law of the distribution is tried: none is claimed.", []),
            };
        }
        catch (ArgumentException exception)
        {
            return new Outcome($"The laws of the distribution are left out: the kernel does not fit their targets of dimension {dimension}: {exception.Message}", []);
        }

        static Kernel<TState> Create(IKernelFactory factory, Target target) => (Kernel<TState>)factory.Create(target);
    }

    /// <summary>Whether a transition draws a number that is not normal for each coordinate, as Barker's does: then coordinates are treated apart.</summary>
    private static bool DecidesByCoordinate<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState> =>
        kernel.DrawNoise(First).Flatten().Any(leaf => leaf.Value.Rank == 2 && leaf.Value.Shape[1] == kernel.Dimension && !leaf.Key[(leaf.Key.LastIndexOf('.') + 1)..].StartsWith("xi", StringComparison.Ordinal));

    private static NoiseSource First => new(RandomKey.FromSeed(1), 0, Chains.Range(1), Workspace.Default);

    private static LawClaim Shown<TState>(Kernel<TState> kernel, double? stepSize)
        where TState : class, IKernelState<TState>
    {
        Tensor position = Tensor.Zeros(new Shape(1, kernel.Dimension), DType.Float64);
        return kernel.Transition(First, kernel.Initialize(position)).Info.Accepted is not null ? LawClaim.Exact
            : stepSize is not null && AffineMap.ReadOff(kernel).AffineError(kernel) <= AffineTolerance ? LawClaim.Unadjusted
            : LawClaim.None;
    }
}
