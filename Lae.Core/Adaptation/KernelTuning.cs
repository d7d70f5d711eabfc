using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>What a warm-up finds, and what a kernel is made from, as an immutable value: two kernels of equal tuning are the same kernel, bit for bit.</summary>
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
        StepSize = Positive(stepSize, nameof(stepSize));
        Covariance = covariance;
        preconditioner = new(() => covariance is null ? Preconditioner.Identity : covariance.Rank == 1 ? Preconditioner.Diagonal(covariance) : Preconditioner.Dense(covariance));
        mass = new(() => covariance is null ? MassMatrix.Identity : MassMatrix.FromCovariance(covariance));
    }

    /// <summary>The step size, in the units of the kernel.</summary>
    public double StepSize { get; private init; }

    /// <summary>The covariance of the target, at temperature 1; null where none is known.</summary>
    public Tensor? Covariance { get; }

    /// <summary>The length of a trajectory: its time, or for microcanonical kernels its way, in the coordinates that the covariance scales. Null where the kernel has none, or keeps its own; 0 is a single step.</summary>
    public double? PathLength { get; private init; }

    /// <summary>How far a chain of MCLMC goes until its direction is forgotten, in the coordinates that the covariance scales, positive; null where the kernel has none, or keeps its own.</summary>
    public double? DecoherenceLength { get; private init; }

    /// <summary>The temperatures of the replicas, from 1 rising; empty where there are none, or the kernel keeps its own.</summary>
    public ImmutableArray<double> Temperatures { get; private init; } = [];

    /// <summary>The covariance as a preconditioner; the identity where none is known.</summary>
    public Preconditioner Preconditioner => preconditioner.Value;

    /// <summary>The inverse of the covariance as a mass matrix; the identity where none is known.</summary>
    public MassMatrix Mass => mass.Value;

    /// <summary>The same with another step size.</summary>
    /// <param name="stepSize">Positive and finite.</param>
    /// <returns>New settings.</returns>
    public KernelTuning WithStepSize(double stepSize) => this with { StepSize = Positive(stepSize, nameof(stepSize)) };

    /// <summary>The same with another scale, to which step size and lengths are then to be adapted.</summary>
    /// <param name="covariance">Variances [dimension] or the matrix [dimension, dimension]; null for none.</param>
    /// <returns>New settings.</returns>
    public KernelTuning WithCovariance(Tensor? covariance) => new(StepSize, covariance) { PathLength = PathLength, DecoherenceLength = DecoherenceLength, Temperatures = Temperatures };

    /// <summary>The same with another length of trajectories.</summary>
    /// <param name="pathLength">0 or more and finite; null for none.</param>
    /// <returns>New settings.</returns>
    public KernelTuning WithPathLength(double? pathLength) => pathLength is null or >= 0 and < double.PositiveInfinity
        ? this with { PathLength = pathLength }
        : throw new ArgumentOutOfRangeException(nameof(pathLength), pathLength, "A path length must be 0 or more and finite.");

    /// <summary>The same with another decoherence length.</summary>
    /// <param name="decoherenceLength">Positive; null for none.</param>
    /// <returns>New settings.</returns>
    public KernelTuning WithDecoherenceLength(double? decoherenceLength) => decoherenceLength is null or > 0
        ? this with { DecoherenceLength = decoherenceLength }
        : throw new ArgumentOutOfRangeException(nameof(decoherenceLength), decoherenceLength, "A decoherence length must be positive.");

    /// <summary>The same with another ladder.</summary>
    /// <param name="temperatures">From 1 strictly rising; none for no ladder.</param>
    /// <returns>New settings.</returns>
    public KernelTuning WithTemperatures(IReadOnlyList<double> temperatures) =>
        this with { Temperatures = temperatures.Count == 0 ? [] : TemperatureLadder.Checked(temperatures, nameof(temperatures)) };

    /// <summary>The settings as named tensors, for a checkpoint: <c>stepSize</c> [], and where there are any <c>covariance</c>, <c>pathLength</c> [], <c>decoherenceLength</c> [] and <c>temperatures</c> [replicas].</summary>
    /// <returns>A tree from which <see cref="FromTree"/> makes the same settings, bit for bit.</returns>
    public TensorTree ToTree()
    {
        TensorTree tree = TensorTree.Of(("stepSize", Tensor.Scalar(StepSize, DType.Float64)));
        tree = Covariance is null ? tree : tree.With("covariance", Covariance.Detach());
        tree = PathLength is { } path ? tree.With("pathLength", Tensor.Scalar(path, DType.Float64)) : tree;
        tree = DecoherenceLength is { } decoherence ? tree.With("decoherenceLength", Tensor.Scalar(decoherence, DType.Float64)) : tree;
        return Temperatures.IsEmpty ? tree : tree.With("temperatures", Tensor.FromArray([.. Temperatures]));
    }

    /// <summary>The settings that a tree holds.</summary>
    /// <param name="tree">What <see cref="ToTree"/> gave; other names are left alone.</param>
    /// <returns>The same settings.</returns>
    /// <exception cref="KeyNotFoundException">There is no <c>stepSize</c>.</exception>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static KernelTuning FromTree(TensorTree tree)
    {
        return new KernelTuning(tree["stepSize"].ToDouble(), tree.TryGet("covariance", out Tensor? covariance) ? covariance : null)
            .WithPathLength(Number("pathLength"))
            .WithDecoherenceLength(Number("decoherenceLength"))
            .WithTemperatures(tree.TryGet("temperatures", out Tensor? temperatures) ? temperatures.ToArray() : []);

        double? Number(string name) => tree.TryGet(name, out Tensor? number) ? number.ToDouble() : null;
    }

    private static double Positive(double stepSize, string name) => stepSize > 0 && double.IsFinite(stepSize)
        ? stepSize
        : throw new ArgumentOutOfRangeException(name, stepSize, "A step size must be positive and finite.");
}
