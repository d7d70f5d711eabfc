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
    /// <summary>Observations of a chain, whose bits they decide.</summary>
    private const int RefinedAtOnce = 4096;

    /// <summary>Numbers of the observations of a chain: a convolutional decoder holds some hundred more for each of them while it has a gradient.</summary>
    private const int ValuesAtOnce = 1 << 20;

    /// <summary>Rows that pass a network at once, where that decides no bit: intermediate results are a hundred times their size.</summary>
    private const int RowsAtOnce = 128;

    /// <summary>Evaluates a trained model.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">Its model with the parameters, in the workspace of the run.</param>
    /// <param name="step">Steps done, for failures.</param>
    /// <param name="taken">The model's figures, where they have been taken of this state.</param>
    /// <exception cref="NonFiniteStateException">A figure is NaN or infinite.</exception>
    public static FinalEvaluation Of(PreparedRun run, TrainedModel model, long step, IReadOnlyDictionary<string, double>? taken = null)
    {
        ulong seed = run.Configuration.Seed;
        Tensor x = run.Observations(run.Test);
        SortedDictionary<string, double> figures = new(StringComparer.Ordinal);
        foreach ((string name, double value) in taken ?? model.Model.Evaluate(RunKeys.Evaluation(seed), model.Parameters, x, run.Configuration.Evaluation.Bound))
        {
            figures[name] = value;
        }

        StageMemory.Release();
        (double squaredError, Tensor reconstructed) = Reconstruct(run, model, x);
        StageMemory.Release();
        Tensor encodings = Encode(run, model, x);
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
        Workspace chunks = Workspace.Pooled(run.Engine);
        double sum = 0;
        int atOnce = options.PosteriorTransitions == 0 ? RowsAtOnce : Math.Max(1, Math.Min(RefinedAtOnce, ValuesAtOnce / run.Test.Columns) / options.PosteriorDraws);
        foreach ((int start, int count) in Chunks(run.Test.Rows, atOnce))
        {
            Tensor z = model.SamplePosterior(key.FoldIn((ulong)start), x.CopyRowsTo(chunks, start, count), options.PosteriorDraws, options.PosteriorTransitions).Detach();
            chunks.Collect(0);
            foreach ((int from, int rows) in Chunks(count, Math.Max(1, RowsAtOnce / options.PosteriorDraws)))
            {
                Tensor part = x.CopyRowsTo(chunks, start + from, rows);
                Tensor decoded = model.Decode(z.Slice(1, from, rows).CopyTo(chunks).Reshape(options.PosteriorDraws * rows, model.LatentSize)).Reshape(options.PosteriorDraws, rows, model.Columns);
                sum += (decoded - part).Square().Cast(DType.Float64).Sum().ToDouble();
                if (start + from < shown)
                {
                    means.Add(decoded.Mean(0).Slice(0, 0, Math.Min(rows, shown - start - from)).CopyTo(run.Workspace));
                }

                chunks.Collect(0);
            }
        }

        return (sum / ((double)x.Count * options.PosteriorDraws), Shaping.Join(0, means));
    }

    private static Tensor Encode(PreparedRun run, TrainedModel model, Tensor x)
    {
        List<Tensor> encoded = [];
        Workspace chunks = Workspace.Pooled(run.Engine);
        foreach ((int start, int count) in Chunks(x.Shape[0], RowsAtOnce))
        {
            encoded.Add(model.Encode(x.CopyRowsTo(chunks, start, count)).CopyTo(run.Workspace));
            chunks.Collect(0);
        }

        return Shaping.Join(0, encoded);
    }

    private static IEnumerable<(int Start, int Count)> Chunks(int rows, int most)
    {
        for (int start = 0; start < rows; start += most)
        {
            yield return (start, Math.Min(most, rows - start));
        }
    }
}
