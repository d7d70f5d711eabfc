using System.Numerics;
using Lae.Datasets;
using Lae.Networks;
using Lae.Numerics;

namespace Lae.Models;

/// <summary>What a model must know of its data.</summary>
public sealed record DataDescription
{
    /// <summary>A description with checked ranges.</summary>
    /// <param name="columns">Numbers in an observation, 1 or more.</param>
    /// <param name="levels">Number of levels if the numbers are on a grid over [−1, 1] (pixels), 2 or more; null for a table of real numbers.</param>
    /// <param name="rows">Observations in the training set, 1 or more.</param>
    /// <param name="image">The image that an observation is; null for a table of real numbers, or where it does not matter.</param>
    public DataDescription(int columns, int? levels, int rows, ImageShape? image = null)
    {
        Form = new RowForm(columns, image);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels ?? 2, 2, nameof(levels));
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        Levels = levels;
        Rows = rows;
    }

    /// <summary>Numbers in an observation.</summary>
    public int Columns => Form.Columns;

    /// <summary>The image that an observation is; null where it is none.</summary>
    public ImageShape? Image => Form.Image;

    /// <summary>An observation as networks take it.</summary>
    public RowForm Form { get; }

    /// <summary>Number of levels of pixels; null for a table of real numbers.</summary>
    public int? Levels { get; }

    /// <summary>Observations in the training set.</summary>
    public int Rows { get; }

    /// <summary>Observations of the shape that a model of this data takes.</summary>
    /// <param name="x">[n, columns].</param>
    /// <param name="dtype">The number type that it takes; null for any.</param>
    /// <returns>The same.</returns>
    /// <exception cref="ArgumentException">Another shape or number type, or no row.</exception>
    public Tensor Checked(Tensor x, DType? dtype = null) => x.Rank == 2 && x.Shape[0] >= 1 && x.Shape[1] == Columns && (dtype ?? x.DType) == x.DType
        ? x
        : throw new ArgumentException($"Observations {dtype}[n, {Columns}] with a row or more are needed, not {x.DType}{x.Shape}.", nameof(x));

    /// <summary>The same, with every number looked at.</summary>
    /// <param name="x">[n, columns].</param>
    /// <returns>The same.</returns>
    /// <exception cref="ArgumentException">Another shape, a number that is not finite, or a pixel outside [−1, 1]; the message names its row and column, from 0.</exception>
    public Tensor CheckedThroughout(Tensor x)
    {
        int place = Checked(x).DType == DType.Float32
            ? Outside(x.AsSpan<float>(), Levels is null ? float.MaxValue : 1)
            : Outside(x.AsSpan<double>(), Levels is null ? double.MaxValue : 1);
        return place < 0 ? x : throw new ArgumentException(
            FormattableString.Invariant(
                $"Row {place / Columns}, column {place % Columns} is {x.ElementAt(place)}, where {(Levels is null ? "finite numbers are" : "a pixel in [-1, 1] is")} needed."),
            nameof(x));
    }

    /// <summary>The place of the first number that is not within a limit; −1 where there is none.</summary>
    private static int Outside<T>(ReadOnlySpan<T> values, T limit)
        where T : struct, INumberBase<T>, IComparisonOperators<T, T, bool>
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!(T.Abs(values[i]) <= limit))
            {
                return i;
            }
        }

        return -1;
    }
}
