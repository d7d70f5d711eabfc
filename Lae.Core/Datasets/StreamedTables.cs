using Lae.Formats;
using Microsoft.Win32.SafeHandles;

namespace Lae.Datasets;

/// <summary>Tables whose training rows stay on disk; the test part is in memory.</summary>
public static class StreamedTables
{
    /// <summary>No header of a .npy file is longer.</summary>
    private const int LongestStart = (1 << 20) + 16;

    /// <summary>A .npy table divided by <see cref="StratifiedSplit"/>, both parts standardised by the training rows: what <see cref="TableDatasets.StandardizeAndSplit"/> makes of the same table without labels, bit for bit.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="handle">The file, open for reading; the training part owns it from now on, and where there is none it is closed.</param>
    /// <param name="sourceName">What messages call the file.</param>
    /// <param name="testFraction">The fraction of the test part, above 0 and below 1.</param>
    /// <returns>Both parts; the file stays open as long as the training part is in use.</returns>
    /// <exception cref="DataFormatException">The file is no .npy table, is cut off, or a value is not finite; a column is constant over the training rows.</exception>
    /// <exception cref="ArgumentException">The fraction is out of range, or leaves one part empty.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StandardizedSplit FromNpy(string name, SafeFileHandle handle, string sourceName, double testFraction)
    {
        try
        {
            byte[] head = new byte[Math.Min(RandomAccess.GetLength(handle), LongestStart)];
            using MemoryStream stream = new(head, 0, RandomAccess.Read(handle, head, 0));
            NpyStart start = Npy.ReadStart(stream, sourceName);

            if (start.Shape is not [> 0, > 0])
            {
                throw new DataFormatException(sourceName, "header", $"expected the shape [rows, columns], none 0, found [{string.Join(", ", start.Shape)}]");
            }

            RowLayout layout = new(sourceName, start.Type, start.Shape[0], start.Shape[1], start.FirstByte);
            FileRows raw = new(handle, layout);
            StratifiedSplit split = StratifiedSplit.Of(raw.Rows, labels: null, testFraction);
            int[] training = [.. split.Training];
            int[] test = [.. split.Test];
            Standardization standardization = StreamedStandardization.Fit(raw, training, sourceName);
            FileRows rows = raw.Standardized(standardization);
            float[] testValues = new float[checked(test.Length * raw.Columns)];
            rows.Gather(test, testValues);
            string[] names = [.. Enumerable.Range(1, raw.Columns).Select(column => column.ToString(System.Globalization.CultureInfo.InvariantCulture))];
            return new StandardizedSplit(
                Dataset.Streamed($"{name} (training)", new ChosenRows(rows, training), columnNames: names),
                new Dataset($"{name} (test)", test.Length, raw.Columns, testValues, columnNames: names),
                standardization);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
