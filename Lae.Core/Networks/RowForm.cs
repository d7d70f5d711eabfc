using Lae.Datasets;

namespace Lae.Networks;

/// <summary>What a row of numbers is to a network: so many numbers, and the image that they are, if they are one.</summary>
public sealed record RowForm
{
    /// <summary>A row of numbers.</summary>
    /// <param name="columns">Numbers in the row, 1 or more.</param>
    /// <param name="image">The image that the row holds, in the order of <see cref="ImageShape"/>; null where it is none.</param>
    /// <exception cref="ArgumentException">The image has another number of pixels.</exception>
    public RowForm(int columns, ImageShape? image = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (image is not null && (image.Height < 1 || image.Width < 1 || image.Channels < 1 || (long)image.Height * image.Width * image.Channels != columns))
        {
            throw new ArgumentException($"Rows of {columns} values do not hold images of {image.Height} x {image.Width} x {image.Channels}.", nameof(image));
        }

        Columns = columns;
        Image = image;
    }

    /// <summary>Numbers in the row.</summary>
    public int Columns { get; }

    /// <summary>The image that the row holds; null where it is none.</summary>
    public ImageShape? Image { get; }
}
