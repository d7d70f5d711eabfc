using Lae.Formats;

namespace Lae.Datasets;

/// <summary>Images of PNG files, each a row, decoded when it is asked for: memory grows with the number of names alone. All have the size of the first; gray files give three equal channels where it has colours, and a pixel that is not opaque is refused.</summary>
public sealed class PngRows : IRowSource
{
    private const int Levels = 256;

    private readonly IReadOnlyList<string> files;
    private readonly Func<string, Stream> open;

    /// <summary>Reads the first file for the shape of all.</summary>
    /// <param name="files">Names of files, one or more, in the order of the rows.</param>
    /// <param name="open">Opens one; called from several threads.</param>
    /// <exception cref="DataFormatException">The first file is no such image.</exception>
    public PngRows(IReadOnlyList<string> files, Func<string, Stream> open)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(files.Count, 1, nameof(files));
        this.files = files;
        this.open = open;
        PixelImage first = Open(files[0]);
        Shape = new ImageShape(first.Height, first.Width, first.Channels == 1 ? 1 : 3);
    }

    /// <summary>The shape of every image.</summary>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public int Rows => files.Count;

    /// <inheritdoc/>
    public int Columns => Shape.Height * Shape.Width * Shape.Channels;

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> rows, Span<float> destination)
    {
        byte[] levels = new byte[Columns];
        for (int i = 0; i < rows.Length; i++)
        {
            ReadLevels(rows[i], levels);
            Span<float> row = destination.Slice(i * Columns, Columns);
            for (int k = 0; k < row.Length; k++)
            {
                row[k] = (float)((2.0 * levels[k] / (Levels - 1)) - 1.0);
            }
        }
    }

    /// <summary>All images in memory, or named where they are after each was read once.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="isResident">Whether the images are kept in memory.</param>
    /// <param name="labels">[files] indices into the label names, if the images have classes.</param>
    /// <param name="labelNames">The names of the classes; empty without labels.</param>
    /// <returns>The data: 256 levels.</returns>
    /// <exception cref="DataFormatException">A file is no such image, or of another size.</exception>
    public Dataset ToDataset(string name, bool isResident, int[]? labels = null, IReadOnlyList<string>? labelNames = null)
    {
        byte[] pixels = isResident ? new byte[checked(Rows * Columns)] : [];
        byte[] levels = new byte[Columns];
        for (int row = 0; row < Rows; row++)
        {
            ReadLevels(row, levels);
            if (isResident)
            {
                levels.CopyTo(pixels, row * Columns);
            }
        }

        return isResident
            ? new Dataset(name, Rows, Columns, pixels, Levels, Dataset.AsMemory(labels), labelNames, Shape)
            : Dataset.Streamed(name, this, Dataset.AsMemory(labels), labelNames, Shape, Levels);
    }

    private void ReadLevels(int row, Span<byte> planes)
    {
        string file = files[row];
        PixelImage image = Open(file);
        if (image.Height != Shape.Height || image.Width != Shape.Width)
        {
            throw new DataFormatException(file, "IHDR", $"expected {Shape.Width} x {Shape.Height} pixels as in {files[0]}, found {image.Width} x {image.Height}");
        }

        if (image.Channels > 1 && Shape.Channels == 1)
        {
            throw new DataFormatException(file, "IHDR", $"expected gray pixels as in {files[0]}, found colours");
        }

        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        int plane = Shape.Height * Shape.Width;
        for (int pixel = 0; pixel < plane; pixel++)
        {
            ReadOnlySpan<byte> samples = pixels.Slice(pixel * image.Channels, image.Channels);
            if (samples.Length == 4 && samples[3] != byte.MaxValue)
            {
                throw new DataFormatException(file, $"row {(pixel / Shape.Width) + 1}, column {(pixel % Shape.Width) + 1}", $"expected an opaque pixel (alpha 255), found alpha {samples[3]}");
            }

            for (int channel = 0; channel < Shape.Channels; channel++)
            {
                planes[(channel * plane) + pixel] = samples[samples.Length == 1 ? 0 : channel];
            }
        }
    }

    private PixelImage Open(string file)
    {
        using Stream stream = open(file);
        return Png.Read(stream, file);
    }
}
