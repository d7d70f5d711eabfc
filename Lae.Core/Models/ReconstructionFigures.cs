using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>The figures that every model gets after training: the bound about the encoding and the error of decoded encodings, over a test set in parts of a fixed size, so that one of any length fits.</summary>
public static class ReconstructionFigures
{
    /// <summary>Rows whose draws are of one key.</summary>
    private const int RowsOfKey = 1024;

    /// <summary>Rows that are computed at once: their intermediate results are a hundred times their size.</summary>
    private const int EvaluatedAtOnce = 128;

    /// <summary>Fewer rows of wide observations, on which convolutions make copies many times their size.</summary>
    private const int ValuesAtOnce = 1 << 20;

    /// <summary>Evaluates.</summary>
    /// <param name="model">The model; its prior must be normalised for the bounds to be bounds, and they are left out where it is not.</param>
    /// <param name="key">All randomness.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">Test observations, [n, columns].</param>
    /// <param name="settings">Widths and draws of the bound.</param>
    /// <returns><c>reconstructionError</c>, and those of <see cref="EncoderBound"/>.</returns>
    public static IReadOnlyDictionary<string, double> Of(ILatentVariableModel model, RandomKey key, TensorTree parameters, Tensor x, EncoderBoundSettings? settings = null)
    {
        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        bool isNormalized = model.Prior(parameters).IsNormalized;
        int rows = x.Shape[0];
        double squares = 0;
        double[] bounds = [];
        int ofKey = Math.Clamp(ValuesAtOnce / model.Data.Columns, 1, RowsOfKey);
        for (int start = 0; start < rows;)
        {
            int firstOfKey = start - (start % ofKey);
            int count = Math.Min(Math.Min(EvaluatedAtOnce, firstOfKey + ofKey - start), rows - start);
            Tensor part = x.CopyRowsTo(workspace, start, count);
            Tensor encoded = model.Encode(parameters, part);
            workspace.Collect(0, part, encoded);
            squares += (part - model.Decode(parameters, encoded)).Square().Cast(DType.Float64).Sum().ToDouble();
            workspace.Collect(0, part, encoded);
            if (isNormalized)
            {
                double[] mean = [.. EncoderBound.NegativeBounds(key.FoldIn((ulong)firstOfKey), model.Density(parameters, part), encoded, model.Data.Columns, settings, start - firstOfKey)];
                bounds = [.. mean.Select((bound, width) => (bounds.Length == 0 ? 0 : bounds[width]) + (bound * count / rows))];
            }

            workspace.Collect(0);
            start += count;
        }

        Dictionary<string, double> figures = isNormalized ? new(EncoderBound.Figures(bounds, settings)) : [];
        figures["reconstructionError"] = squares / x.Count;
        return figures;
    }
}
