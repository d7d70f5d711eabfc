using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>What a warm-up finds, and what a kernel is made from.</summary>
public sealed record KernelTuning
{
    // a dense matrix is factorized once, however many step sizes are tried with it
    private readonly Lazy<Preconditioner> preconditioner;
    private readonly Lazy<MassMatrix> mass;

    /// <summary>Settings with checked ranges.</summary>
    /// <param name="stepSize">The step size of the kernel, positive and finite.</param>
    /// <param name="covariance">The covariance of the target: variances [dimension] or the matrix [dimension, dimension]; null where none is known.</param>
    public KernelTuning(double stepSize, Tensor? covariance = null)
    {
        if (!(stepSize > 0) || !double.IsFinite(stepSize))
        {
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
        }

        StepSize = stepSize;
        Covariance = covariance;
        preconditioner = new(() => covariance is null ? Preconditioner.Identity : covariance.Rank == 1 ? Preconditioner.Diagonal(covariance) : Preconditioner.Dense(covariance));
        mass = new(() => covariance is null ? MassMatrix.Identity : MassMatrix.FromCovariance(covariance));
    }

    /// <summary>The step size.</summary>
    public double StepSize { get; private init; }

    /// <summary>The covariance; null where none is known.</summary>
    public Tensor? Covariance { get; }

    /// <summary>The covariance as a preconditioner; the identity where none is known.</summary>
    public Preconditioner Preconditioner => preconditioner.Value;

    /// <summary>The inverse of the covariance as a mass matrix; the identity where none is known.</summary>
    public MassMatrix Mass => mass.Value;

    /// <summary>The same scale with another step size.</summary>
    /// <param name="stepSize">Positive and finite.</param>
    /// <returns>New settings.</returns>
    public KernelTuning WithStepSize(double stepSize) => stepSize > 0 && double.IsFinite(stepSize)
        ? this with { StepSize = stepSize }
        : throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
}

/// <summary>A kernel whose step size and scale are open: a function from what a warm-up finds to an ordinary kernel, and the acceptance to aim at. The kernel must report an acceptance probability.</summary>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="Name">What it is called in messages.</param>
/// <param name="TargetAcceptance">δ, in (0, 1).</param>
/// <param name="Create">The kernel of given settings: a pure function.</param>
public sealed record TunableKernel<TState>(string Name, double TargetAcceptance, Func<KernelTuning, Kernel<TState>> Create)
    where TState : class, IKernelState<TState>;
