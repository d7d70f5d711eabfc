using Lae.Annealing;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Host.Evaluating;

/// <summary>What is judged: the model of a finished run, on its test observations.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Run">The run with its data and the options of the evaluation.</param>
/// <param name="Form">The form of the data.</param>
/// <param name="Model">The model with its parameters, in the workspace of the run.</param>
/// <param name="Test">The test observations, [rows, columns].</param>
internal sealed record EvaluationSubject(RunFolder Folder, PreparedRun Run, DataForm Form, TrainedModel Model, Tensor Test)
{
    private readonly Lazy<Inference> inference = new(() =>
        Inference.Of(RunKeys.Inference(Run.Configuration.Seed), Model, Test, Run.Configuration.Evaluation.RefinementTransitions));

    private readonly Lazy<LogNormalizingConstant> priorConstant = new(() => Lae.Evaluation.PriorConstant.Estimate(
        RunKeys.PriorConstant(Run.Configuration.Seed), Model.Model.Prior(Model.Parameters), Model.LatentSize, Model.Parameters.Leaves[0].DType));

    /// <summary>Encodings of the test observations, refined: found once for all parts that want them.</summary>
    public Inference Inferred => inference.Value;

    /// <summary>The constant of a prior that is not normalised, 0 for another: found once for all parts that want it.</summary>
    public LogNormalizingConstant PriorConstant => priorConstant.Value;

    /// <summary>How the figures are taken.</summary>
    public EvaluationOptions Options => Run.Configuration.Evaluation;

    /// <summary>The seed of the run.</summary>
    public ulong Seed => Run.Configuration.Seed;

    /// <summary>Whether each test observation is of the class that was held out of training; null where none was.</summary>
    public bool[]? Anomalous()
    {
        if (Form.HeldOut is not { } name || Run.Test.Labels is not { } labels)
        {
            return null;
        }

        int heldOut = Array.IndexOf([.. Run.Test.LabelNames], name);
        return [.. labels.ToArray().Select(label => label == heldOut)];
    }
}

/// <summary>Numbers of a block by name: what is kept so that an evaluation goes on after a kill.</summary>
/// <param name="Values">Numbers by name.</param>
internal sealed record EvaluationBlock(IReadOnlyDictionary<string, double[]> Values);

/// <summary>A part of the evaluation: figures that are found together, in blocks that depend on nothing but the subject and their number.</summary>
internal interface IEvaluationPart
{
    /// <summary>Its stable name, by which its blocks are kept.</summary>
    string Name { get; }

    /// <summary>The names of its figures.</summary>
    IReadOnlyList<string> Figures { get; }

    /// <summary>Why these figures do not exist for a subject; null if they do.</summary>
    /// <param name="subject">What is judged.</param>
    string? Obstacle(EvaluationSubject subject);

    /// <summary>How many blocks there are, 1 or more.</summary>
    /// <param name="subject">What is judged.</param>
    int Blocks(EvaluationSubject subject);

    /// <summary>Computes a block: a pure function.</summary>
    /// <param name="subject">What is judged.</param>
    /// <param name="number">Its number, from 0.</param>
    EvaluationBlock Compute(EvaluationSubject subject, int number);

    /// <summary>The figures that the blocks make: a pure function.</summary>
    /// <param name="subject">What is judged.</param>
    /// <param name="blocks">All blocks, in order.</param>
    IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks);
}
