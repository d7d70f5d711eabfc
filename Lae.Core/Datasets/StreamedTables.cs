using System.Globalization;
using System.Runtime.InteropServices;
using Lae.Formats;
using Microsoft.Win32.SafeHandles;

namespace Lae.Datasets;

/// <summary>
/// Tables whose training rows stay on disk; the test part, and 4 bytes of number and label of each row, are in memory. All are what <see cref="TableDatasets.StandardizeAndSplit"/> makes of the same
/// table, bit for bit. A plain .npy file is read where it is; what can only be read from its beginning (an array of a .npz archive, CSV) is first copied, row by row, into a file of rows of one length.
/// </summary>
public static class StreamedTables
{
    private const string Features = "X";
    private const string Classes = "y";

    /// <summary>No header of a .npy file is longer.</summary>
    private const int LongestStart = (1 << 20) + 16;

    /// <summary>A .npy table, without labels.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="handle">The file, open for reading; the training part owns it from now on, and where there is none it is closed.</param>
    /// <param name="sourceName">What messages call the file.</param>
    /// <param name="testFraction">The fraction of the test part, above 0 and below 1.</param>
    /// <returns>Both parts; the file stays open as long as the training part is in use.</returns>
    /// <exception cref="DataFormatException">The file is no .npy table, is cut off, or a value is not finite; a column is constant over the training rows.</exception>
    /// <exception cref="ArgumentException">The fraction is out of range, or leaves one part empty.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StandardizedSplit FromNpy(string name, SafeFileHandle handle, string sourceName, double testFraction) => Owning(handle, () =>
    {
        byte[] head = new byte[Math.Min(RandomAccess.GetLength(handle), LongestStart)];
        using MemoryStream stream = new(head, 0, RandomAccess.Read(handle, head, 0));
        NpyStart start = Npy.ReadStart(stream, sourceName);
        return Split(name, new FileRows(handle, Layout(start, sourceName, start.FirstByte)), Numbered(start.Shape[1]), null, sourceName, testFraction, heldOut: null);
    });

    /// <summary>The arrays <c>X</c> [rows, columns] and, if there, <c>y</c> [rows] (classes, whole numbers) of a .npz archive.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="archive">The archive, which can seek; it stays open.</param>
    /// <param name="spool">An empty file, open for reading and writing, that takes X; owned as the file of <see cref="FromNpy"/>.</param>
    /// <param name="sourceName">What messages call the archive.</param>
    /// <param name="testFraction">The fraction of the test part, above 0 and below 1.</param>
    /// <param name="heldOut">Finds, among the names of the classes, the one whose rows are left out of the training part; null for none.</param>
    /// <returns>Both parts.</returns>
    /// <exception cref="DataFormatException">As <see cref="FromNpy"/>; or no X, or a y that does not fit it.</exception>
    public static StandardizedSplit FromNpz(string name, Stream archive, SafeFileHandle spool, string sourceName, double testFraction, Func<IReadOnlyList<string>, int>? heldOut = null) => Owning(spool, () =>
    {
        RowSpool rows = new(spool);
        NpyStart start = Npz.ReadOne(archive, sourceName, Features, (stream, entry) => Npy.ReadElements(stream, entry, rows.Append))
            ?? throw new DataFormatException(sourceName, "zip archive", $"expected an array {DataFormatException.Quote(Features)}, found none of this name");
        rows.Flush();
        RowLayout layout = Layout(start, $"{sourceName}/{Features}.npy", firstByte: 0);
        CsvFrame? classes = Npz.ReadOne(archive, sourceName, Classes, Npy.Read) is { } y ? TableDatasets.ClassesOf(y, layout.Rows) : null;
        return Split(name, new FileRows(spool, layout), Numbered(layout.Columns), classes, sourceName, testFraction, heldOut);
    });

    /// <summary>A table as text.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="text">The text, plain or gzip; it stays open.</param>
    /// <param name="spool">An empty file, open for reading and writing, that takes the numbers; owned as the file of <see cref="FromNpy"/>.</param>
    /// <param name="sourceName">What messages call the text.</param>
    /// <param name="options">The form of the text.</param>
    /// <param name="testFraction">The fraction of the test part, above 0 and below 1.</param>
    /// <param name="heldOut">Finds, among the names of the classes, the one whose rows are left out of the training part; null for none.</param>
    /// <returns>Both parts.</returns>
    /// <exception cref="DataFormatException">The text is no table; a column is constant over the training rows.</exception>
    public static StandardizedSplit FromCsv(string name, Stream text, SafeFileHandle spool, string sourceName, CsvOptions options, double testFraction, Func<IReadOnlyList<string>, int>? heldOut = null) => Owning(spool, () =>
    {
        RowSpool rows = new(spool);
        CsvFrame frame = Csv.ReadRows(text, sourceName, row => rows.Append(MemoryMarshal.AsBytes(row)), options);
        rows.Flush();
        RowLayout layout = new(sourceName, NpyType.Float64, frame.Rows, frame.ColumnNames.Count, 0);
        return Split(name, new FileRows(spool, layout), [.. frame.ColumnNames], frame, sourceName, testFraction, heldOut);
    });

    private static StandardizedSplit Split(string name, FileRows raw, string[] names, CsvFrame? frame, string sourceName, double testFraction, Func<IReadOnlyList<string>, int>? heldOut)
    {
        ReadOnlyMemory<int>? labels = Dataset.AsMemory(frame?.Labels);
        StratifiedSplit split = StratifiedSplit.Of(raw.Rows, labels, testFraction);
        int? absent = heldOut?.Invoke(frame?.LabelNames ?? []);
        int[] training = [.. split.Training.Where(row => absent is null || labels!.Value.Span[row] != absent)];
        if (training.Length == 0)
        {
            throw new ArgumentException("All training rows are of the class that is held out.", nameof(heldOut));
        }

        int[] test = [.. split.Test];
        Standardization standardization = StreamedStandardization.Fit(raw, training, names, sourceName);
        FileRows rows = raw.Standardized(standardization);
        float[] testValues = new float[checked(test.Length * raw.Columns)];
        rows.Gather(test, testValues);
        return new StandardizedSplit(
            Dataset.Streamed($"{name} (training)", new ChosenRows(rows, training), LabelsOf(training), frame?.LabelNames, columnNames: names),
            new Dataset($"{name} (test)", test.Length, raw.Columns, testValues, LabelsOf(test), frame?.LabelNames, columnNames: names),
            standardization);

        ReadOnlyMemory<int>? LabelsOf(int[] chosen) => labels is { } all ? Array.ConvertAll(chosen, row => all.Span[row]) : default(ReadOnlyMemory<int>?);
    }

    private static RowLayout Layout(NpyStart start, string sourceName, long firstByte) => start.Shape is [> 0, > 0]
        ? new RowLayout(sourceName, start.Type, start.Shape[0], start.Shape[1], firstByte)
        : throw new DataFormatException(sourceName, "header", $"expected the shape [rows, columns], none 0, found [{string.Join(", ", start.Shape)}]");

    private static string[] Numbered(int columns) => [.. Enumerable.Range(1, columns).Select(column => column.ToString(CultureInfo.InvariantCulture))];

    private static StandardizedSplit Owning(SafeFileHandle handle, Func<StandardizedSplit> make)
    {
        try
        {
            return make();
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
