using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>What a warm-up found and what it cost.</summary>
/// <param name="Tuning">The settings that it found, as named tensors; none where nothing was open.</param>
/// <param name="TargetAcceptance">The acceptance that it aimed at; NaN if there was none.</param>
/// <param name="GradientCount">Gradients that it cost each chain.</param>
/// <param name="Seconds">The time that it took.</param>
/// <param name="LeftBehind">Where chains were that began anew where others are, [places, dimension]; null if there was none.</param>
internal sealed record WarmupFigures(TensorTree Tuning, double TargetAcceptance, long GradientCount, double Seconds, Tensor? LeftBehind = null)
{
    private const string LeftBehindName = "leftBehind";
    private const string TuningPart = "tuning";
    private const string FiguresName = "figures";

    /// <summary>Nothing was open.</summary>
    public static WarmupFigures None { get; } = new(TensorTree.Empty, double.NaN, 0, 0);

    /// <summary>The step size that it found; null if it had nothing to find.</summary>
    public double? StepSize => !double.IsNaN(TargetAcceptance) && Tuning.TryGet("stepSize", out Tensor? found) ? found.ToDouble() : null;

    /// <summary>The covariance that it found, variances [dimension] or [dimension, dimension]; null if none.</summary>
    public Tensor? Covariance => Tuning.TryGet("covariance", out Tensor? found) ? found : null;

    /// <summary>The figures for a checkpoint.</summary>
    public TensorTree ToTree()
    {
        TensorTree tree = Tuning.Prefixed(TuningPart).With(FiguresName, Tensor.FromArray(new[] { TargetAcceptance, GradientCount, Seconds }, 3));
        return LeftBehind is null ? tree : tree.With(LeftBehindName, LeftBehind);
    }

    /// <summary>The figures that a checkpoint kept.</summary>
    /// <param name="tree">What <see cref="ToTree"/> made.</param>
    public static WarmupFigures FromTree(TensorTree tree)
    {
        double[] figures = tree[FiguresName].ToArray();
        return new WarmupFigures(tree.Under(TuningPart), figures[0], (long)figures[1], figures[2], tree.TryGet(LeftBehindName, out Tensor? left) ? left : null);
    }
}
