using Lae.Formats;
using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>One quantity that a kernel tells of its transitions, for every kept draw; NaN where it was not told, as by one part of a mixture.</summary>
/// <param name="name">What it is called.</param>
/// <param name="shape">Its shape for one draw.</param>
internal sealed class InfoColumn(string name, int[] shape)
{
    private readonly int size = shape.Aggregate(1, (product, extent) => product * extent);
    private readonly List<double[]> values = [];

    /// <summary>Takes the value of a draw.</summary>
    /// <param name="draw">The number of the draw; rising.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="InvalidOperationException">It has another shape than before.</exception>
    public void Add(int draw, Tensor value)
    {
        if (!value.Shape.ToArray().AsSpan().SequenceEqual(shape))
        {
            throw new InvalidOperationException($"The kernel tells {name} of shape [{string.Join(", ", shape)}] in one transition and {value.Shape} in another.");
        }

        FillUntil(draw);
        values.Add(value.ToArray());
    }

    /// <summary>The values of all draws, a row each.</summary>
    /// <param name="draws">How many there are.</param>
    public IReadOnlyList<double[]> OfRows(int draws)
    {
        FillUntil(draws);
        return values;
    }

    /// <summary>The array of all draws.</summary>
    /// <param name="draws">How many there are.</param>
    /// <returns>[draws, shape].</returns>
    public NpyArray ToArray(int draws)
    {
        FillUntil(draws);
        return NpyArray.FromFloat64([draws, .. shape], Join(values, size));
    }

    /// <summary>Rows one after another.</summary>
    /// <param name="rows">Rows of one length.</param>
    /// <param name="size">The length.</param>
    public static double[] Join(IReadOnlyList<double[]> rows, int size)
    {
        double[] joined = new double[(long)rows.Count * size];
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].CopyTo(joined.AsSpan(i * size));
        }

        return joined;
    }

    private void FillUntil(int draws)
    {
        while (values.Count < draws)
        {
            double[] missing = new double[size];
            Array.Fill(missing, double.NaN);
            values.Add(missing);
        }
    }
}
