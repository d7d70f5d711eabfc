using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>
/// New observations: encode, then refine by 0 … T MALA transitions in latent space. The mean over the observations of log p(x, z^(t)) and of the squared error of the decoded z^(t) for each number in x, after t transitions: what each one gains.
/// A chain ends at draws of the posterior, not at its mode, so that the log joint settles about d_z/2 below its maximum.
/// </summary>
/// <param name="LogJoint">Nats for each observation, [T + 1].</param>
/// <param name="ReconstructionError">In squared units of the data, [T + 1].</param>
/// <param name="StepSize">Found on pilot chains of the first part.</param>
/// <param name="AcceptanceProbability">The mean over observations and transitions.</param>
public sealed record RefinementGain(IReadOnlyList<double> LogJoint, IReadOnlyList<double> ReconstructionError, double StepSize, double AcceptanceProbability)
{
    private const int RowsAtOnce = 512;

    /// <summary>Refines and measures.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="transitions">T, 0 or more.</param>
    /// <returns>The gain of each step.</returns>
    public static RefinementGain Evaluate(RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, int transitions = 10)
    {
        LikelihoodEstimates.RequireRows(x);
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        int rows = x.Shape[0];
        double[] logJoint = new double[transitions + 1];
        double[] squares = new double[transitions + 1];
        double acceptance = 0;
        double? stepSize = null;
        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        for (int start = 0; start < rows; start += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows - start);
            Tensor part = x.Slice(0, start, count).CopyTo(workspace);
            LatentDensity density = model.Density(parameters, part);
            Tensor encoded = model.Encode(parameters, part);
            RandomKey own = key.FoldIn((ulong)start);
            stepSize ??= SettlingLangevin.FindStepSize(own.FoldIn(0), density, encoded);
            acceptance += SettlingLangevin.Run(own.FoldIn(1), density, encoded, StepSizeSearch.Held(stepSize.Value), transitions, (t, state) =>
            {
                logJoint[t] += state.LogDensity.Cast(DType.Float64).Sum().ToDouble() / rows;
                squares[t] += (part - model.Decode(parameters, state.Position)).Square().Cast(DType.Float64).Sum().ToDouble() / x.Count;
            }).Acceptance * count / rows;
            workspace.Collect(0);
        }

        return new RefinementGain(logJoint, squares, stepSize!.Value, acceptance);
    }
}
