using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Host.Runs;

/// <summary>What a trained model makes of the test observations and of the prior.</summary>
/// <param name="Figures">Test figures by stable names.</param>
/// <param name="Observed">The first test observations, [count, columns].</param>
/// <param name="Reconstructed">Their reconstructions: means over the posterior draws, [count, columns].</param>
/// <param name="Encodings">Encodings of all test observations, [rows, latentSize].</param>
/// <param name="Samples">Observations generated from the prior, [samples, columns].</param>
internal sealed record FinalEvaluation(
    IReadOnlyDictionary<string, double> Figures, Tensor Observed, Tensor Reconstructed, Tensor Encodings, Tensor Samples)
{
    /// <summary>Decoded rows at a time, so that memory does not grow with the test set.</summary>
    private const int DecodedAtOnce = 4096;

    /// <summary>Decoded numbers at a time: a convolutional decoder holds some hundred more for each of them while it has a gradient.</summary>
    private const int ValuesAtOnce = 1 << 20;

    /// <summary>Evaluates a trained model.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">Its model with the parameters, in the workspace of the run.</param>
    /// <param name="step">Steps done, for failures.</param>
    /// <exception cref="NonFiniteStateException">A figure is NaN or infinite.</exception>
    public static FinalEvaluation Of(PreparedRun run, TrainedModel model, long step)
    {
        ulong seed = run.Configuration.Seed;
        Tensor x = run.Observations(run.Test);
        SortedDictionary<string, double> figures = new(StringComparer.Ordinal);
        foreach ((string name, double value) in model.Model.Evaluate(RunKeys.Evaluation(seed), model.Parameters, x))
        {
            figures[name] = value;
        }

        (double squaredError, Tensor reconstructed) = Reconstruct(run, model, x);
        Tensor encodings = Encode(model, x);
        figures["posteriorSquaredError"] = squaredError;
        foreach ((string name, double value) in figures)
        {
            if (!double.IsFinite(value))
            {
                throw new NonFiniteStateException($"the test figure {name}", step);
            }
        }

        Tensor samples = model.Generate(RunKeys.Samples(seed), run.Configuration.Output.Samples);
        if (!samples.AllFinite() || !encodings.AllFinite() || !reconstructed.AllFinite())
        {
            throw new NonFiniteStateException("a decoded observation", step);
        }

        return new FinalEvaluation(figures, x.Slice(0, 0, reconstructed.Shape[0]), reconstructed, encodings, samples);
    }

    /// <summary>The mean squared error of decoded posterior draws of the test observations.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">Its model with the parameters, in the workspace of the run.</param>
    /// <param name="x">The test observations.</param>
    public static double PosteriorSquaredError(PreparedRun run, TrainedModel model, Tensor x) => Reconstruct(run, model, x).SquaredError;

    /// <summary>The mean squared error of decoded posterior draws, and the mean reconstructions of the first observations.</summary>
    private static (double SquaredError, Tensor Reconstructed) Reconstruct(PreparedRun run, TrainedModel model, Tensor x)
    {
        EvaluationOptions options = run.Configuration.Evaluation;
        RandomKey key = RunKeys.Posterior(run.Configuration.Seed);
        int shown = Math.Min(run.Configuration.Output.Reconstructions, run.Test.Rows);
        List<Tensor> means = [];
        double sum = 0;
        foreach ((int start, int count) in Chunks(run.Test.Rows, Math.Max(1, Math.Min(DecodedAtOnce, ValuesAtOnce / run.Test.Columns) / options.PosteriorDraws)))
        {
            Tensor part = x.Slice(0, start, count);
            Tensor z = model.SamplePosterior(key.FoldIn((ulong)start), part, options.PosteriorDraws, options.PosteriorTransitions);
            Tensor decoded = model.Decode(z.Reshape(options.PosteriorDraws * count, model.LatentSize)).Reshape(options.PosteriorDraws, count, model.Columns);
            sum += (decoded - part).Square().Cast(DType.Float64).Sum().ToDouble();
            if (start < shown)
            {
                means.Add(decoded.Mean(0).Slice(0, 0, Math.Min(count, shown - start)));
            }
        }

        return (sum / ((double)x.Count * options.PosteriorDraws), Shaping.Join(0, means));
    }

    private static Tensor Encode(TrainedModel model, Tensor x) =>
        Shaping.Join(0, [.. Chunks(x.Shape[0], DecodedAtOnce).Select(chunk => model.Encode(x.Slice(0, chunk.Start, chunk.Count)))]);

    private static IEnumerable<(int Start, int Count)> Chunks(int rows, int most)
    {
        for (int start = 0; start < rows; start += most)
        {
            yield return (start, Math.Min(most, rows - start));
        }
    }
}
