using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>
/// How far the posteriors that a model infers are from those of long MALA chains. Its own are the draws of its q where it has one, else the ends of many chains of T transitions from the encoding. Over observations i and latent dimensions j:
/// <code>
///     meanError = √ mean_ij ((m_ij − M_ij)/S_ij)²,    deviationError = √ mean_ij (log s_ij/S_ij)²
/// </code>
/// with means and deviations m, s of its own draws and M, S of the long chain. The same of a second, independent long chain is the floor below which nothing is told apart.
/// </summary>
/// <param name="MeanError">In posterior deviations.</param>
/// <param name="DeviationError">In e-folds.</param>
/// <param name="MeanErrorFloor">Of the second long chain.</param>
/// <param name="DeviationErrorFloor">Of the second long chain.</param>
public sealed record PosteriorDistance(double MeanError, double DeviationError, double MeanErrorFloor, double DeviationErrorFloor)
{
    private const int RowsAtOnce = 64;

    /// <summary>Measures.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="transitions">T of a sampled model, 0 or more; 0 gives the encoding, which has no deviation: then the deviation's error is infinite.</param>
    /// <param name="draws">Draws of the model for each observation, 2 or more.</param>
    /// <param name="longDraws">Draws of a long chain, 2 or more, ten transitions apart.</param>
    /// <returns>Distances and floors.</returns>
    public static PosteriorDistance Evaluate(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, int transitions = 5, int draws = 200, int longDraws = 1000)
    {
        LikelihoodEstimates.RequireRows(x);
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(longDraws, 2);
        const int Apart = 10;
        double[] squares = new double[4];
        for (int start = 0; start < x.Shape[0]; start += RowsAtOnce)
        {
            Tensor part = x.Slice(0, start, Math.Min(RowsAtOnce, x.Shape[0] - start));
            RandomKey own = key.FoldIn((ulong)start);
            LatentDensity density = model.Density(parameters, part);
            Tensor encoded = model.Encode(parameters, part);
            Moments reference = new(PosteriorRefinement.Sample(own.FoldIn(0), density, encoded, longDraws, Apart));
            Moments second = new(PosteriorRefinement.Sample(own.FoldIn(1), density, encoded, longDraws, Apart));
            Moments inferred = new(Own(own.FoldIn(2), model, parameters, part, transitions, draws));
            squares[0] += inferred.MeanSquares(reference);
            squares[1] += inferred.DeviationSquares(reference);
            squares[2] += second.MeanSquares(reference);
            squares[3] += second.DeviationSquares(reference);
        }

        double count = (double)x.Shape[0] * model.LatentSize;
        return new PosteriorDistance(Math.Sqrt(squares[0] / count), Math.Sqrt(squares[1] / count), Math.Sqrt(squares[2] / count), Math.Sqrt(squares[3] / count));
    }

    /// <summary>By stable names.</summary>
    /// <returns><c>posteriorMeanError</c>, <c>posteriorDeviationError</c>, and each with <c>Floor</c>.</returns>
    public IReadOnlyDictionary<string, double> Figures() => new Dictionary<string, double>
    {
        ["posteriorMeanError"] = MeanError,
        ["posteriorDeviationError"] = DeviationError,
        ["posteriorMeanErrorFloor"] = MeanErrorFloor,
        ["posteriorDeviationErrorFloor"] = DeviationErrorFloor,
    };

    /// <summary>[draws, n, d_z] of what the model infers.</summary>
    private static Tensor Own(RandomKey key, ILatentVariableModel model, TensorTree parameters, Tensor x, int transitions, int draws)
    {
        if (model.ApproximatePosterior(parameters, x) is { } q)
        {
            return q.Sample(key, draws).Latents.Detach().Reshape(draws, x.Shape[0], model.LatentSize);
        }

        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        Tensor part = x.CopyTo(workspace);
        LatentDensity density = model.Density(parameters, part);
        Tensor encoded = model.Encode(parameters, part);
        double stepSize = transitions == 0 ? 1 : SettlingLangevin.FindStepSize(key.FoldIn(0), density, encoded);
        Tensor start = Shaping.Join(0, [.. Enumerable.Repeat(encoded, draws)]);
        Tensor? end = null;
        SettlingLangevin.Run(key.FoldIn(1), density, start, StepSizeSearch.Held(stepSize), transitions, (t, state) => end = t == transitions ? state.Position.Detach() : null);
        return end!.Reshape(draws, x.Shape[0], model.LatentSize);
    }

    /// <summary>Means and deviations of draws, for each observation and dimension.</summary>
    private sealed class Moments
    {
        private readonly double[] means;
        private readonly double[] deviations;

        public Moments(Tensor draws)
        {
            Tensor values = draws.Cast(DType.Float64);
            Tensor mean = values.Mean(0);
            means = mean.ToArray();
            deviations = ((values - mean).Square().Sum(0) / (draws.Shape[0] - 1)).Sqrt().ToArray();
        }

        public double MeanSquares(Moments reference) => means.Zip(reference.means, (own, other) => own - other).Zip(reference.deviations, (gap, deviation) => gap * gap / (deviation * deviation)).Sum();

        public double DeviationSquares(Moments reference) => deviations.Zip(reference.deviations, (own, other) => Math.Log(own / other)).Sum(gap => gap * gap);
    }
}
