using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// All that a training step carries to the next, as an immutable value: it is the whole of a checkpoint.
/// </summary>
/// <param name="Parameters">Parameters of the model, such as <c>decoder.0.weight</c>.</param>
/// <param name="Optimizer">State of the optimisers.</param>
/// <param name="Adaptation">Float64 scalars that adapt during training, such as the log step size.</param>
/// <param name="Step">Steps done.</param>
public sealed record TrainingState(TensorTree Parameters, TensorTree Optimizer, TensorTree Adaptation, long Step)
{
    /// <summary>What a model keeps for each observation of the training set, [rows, …]; empty for most.</summary>
    public TensorTree Datapoints { get; init; } = TensorTree.Empty;

    /// <summary>Every tensor of the state.</summary>
    public IReadOnlyList<Tensor> Leaves => [.. Parameters.Leaves, .. Optimizer.Leaves, .. Adaptation.Leaves, .. Datapoints.Leaves];

    /// <summary>Everything but the step, in one tree.</summary>
    /// <returns>Names starting with <c>parameters.</c>, <c>optimizer.</c>, <c>adaptation.</c> and <c>datapoints.</c>.</returns>
    public TensorTree ToTree() =>
        Parameters.Prefixed("parameters").Join(Optimizer.Prefixed("optimizer")).Join(Adaptation.Prefixed("adaptation")).Join(Datapoints.Prefixed("datapoints"));

    /// <summary>The state that <see cref="ToTree"/> wrote.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="step">Steps done.</param>
    /// <returns>The state.</returns>
    public static TrainingState FromTree(TensorTree tree, long step) =>
        new(tree.Under("parameters"), tree.Under("optimizer"), tree.Under("adaptation"), step) { Datapoints = tree.Under("datapoints") };

    /// <summary>A function of every tensor.</summary>
    /// <param name="function">A pure function.</param>
    /// <returns>A new state.</returns>
    public TrainingState Map(Func<Tensor, Tensor> function) =>
        new(Parameters.Map(function), Optimizer.Map(function), Adaptation.Map(function), Step) { Datapoints = Datapoints.Map(function) };
}

/// <summary>The outcome of a training step.</summary>
/// <param name="State">The next state.</param>
/// <param name="Info">Figures of the step by stable names, such as <c>energy</c>, <c>acceptanceProbability</c>, <c>stepSize</c>.</param>
public readonly record struct TrainingTransition(TrainingState State, IReadOnlyDictionary<string, double> Info);
