using Lae.Datasets;
using Lae.Formats;

namespace Lae.Tests.Datasets;

/// <summary>Rows on disk are the bits of the same rows in memory, in any order, in memory that does not grow with the file; damage is told with its place.</summary>
public sealed class FileRowsTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData(NpyType.Float32)]
    [InlineData(NpyType.Float64)]
    public void A_table_on_disk_has_the_bits_of_the_table_in_memory(NpyType type)
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => (double)(float)Math.Sin(i * i))];
        NpyArray array = type == NpyType.Float64
            ? NpyArray.FromFloat64([20, 3], values)
            : NpyArray.FromFloat32([20, 3], Array.ConvertAll(values, value => (float)value));
        Write(array);
        Standardization standardization = Standardization.Fit(values, 20, 3);
        float[] resident = Array.ConvertAll(standardization.Apply(values), value => (float)value);
        int[] order = [19, 0, 7, 7, 3];
        float[] expected = Gathered(new ResidentRows(resident, 3), order);
        using FileRows rows = Open(standardization);
        Assert.Equal((20, 3), (rows.Rows, rows.Columns));
        Assert.Equal(expected, Gathered(rows, order));
        Assert.Equal(Gathered(new ResidentRows(resident, 3), [7, 19]), Gathered(new ChosenRows(rows, [2, 7, 19]), [1, 2]));
    }

    [Fact]
    public void A_streamed_table_is_the_resident_table_bit_for_bit()
    {
        double[] values = [.. Enumerable.Range(0, 3 * 2500).Select(i => 1e3 + Math.Sin(i * i))];
        NpyArray array = NpyArray.FromFloat64([2500, 3], values);
        Write(array);
        StandardizedSplit resident = TableDatasets.StandardizeAndSplit("some", TableDatasets.FromNpy(array), 0.1);
        StandardizedSplit streamed = StreamedTables.FromNpy("some", File.OpenHandle(path), "some.npy", 0.1);
        Assert.False(streamed.Training.IsResident);
        Assert.Throws<InvalidOperationException>(() => streamed.Training.Values);
        Assert.Equal(resident.Standardization.Means, streamed.Standardization.Means);
        Assert.Equal(resident.Standardization.Deviations, streamed.Standardization.Deviations);
        Assert.Equal(resident.Test.Values.ToArray(), streamed.Test.Values.ToArray());
        int[] all = [.. Enumerable.Range(0, streamed.Training.Rows)];
        Assert.Equal(resident.Training.Values.ToArray(), Gathered(streamed.Training.Observations, all));
    }

    [Fact]
    public void A_constant_column_on_disk_is_refused_and_the_file_is_free_again()
    {
        Write(NpyArray.FromFloat64([3, 2], [1, 5, 2, 5, 3, 5]));
        Assert.Contains("column 2 (\"2\"): expected values that differ", Assert.Throws<DataFormatException>(() => StreamedTables.FromNpy("some", File.OpenHandle(path), "some.npy", 0.34)).Message, StringComparison.Ordinal);
        Write(NpyArray.FromFloat64([1, 1], [1]));
    }

    [Fact]
    public void Pixels_between_labels_become_levels()
    {
        // Two images of two pixels, each behind a label, as CIFAR-10 has them.
        File.WriteAllBytes(path, [9, 0, 255, 3, 51, 7]);
        using FileRows rows = new(File.OpenHandle(path), new RowLayout("some.bin", NpyType.UInt8, 2, 2, 1, 3), levels: 256);
        Dataset same = new("some", 2, 2, new float[] { 0, 255, 51, 7 }, levels: 256);
        Assert.Equal(same.ToUnit(), Gathered(rows, [0, 1]));
        Assert.Equal(same.ToUnit(), Gathered(same.Observations, [0, 1]));
        using FileRows few = new(File.OpenHandle(path), new RowLayout("some.bin", NpyType.UInt8, 2, 2, 1, 3), levels: 100);
        Assert.Equal("some.bin: row 1, column 2: expected a level from 0 to 99, found 255", Assert.Throws<DataFormatException>(() => Gathered(few, [0])).Message);
    }

    [Fact]
    public void Damage_is_told_in_one_line_with_its_place()
    {
        Write(NpyArray.FromFloat32([2, 2], [1, 2, float.NaN, 4]));
        using (FileRows rows = Open())
        {
            Assert.Equal("some.npy: row 2, column 1: expected a finite number, found NaN", Assert.Throws<DataFormatException>(() => Gathered(rows, [0, 1])).Message);
            Assert.Throws<ArgumentOutOfRangeException>(() => Gathered(rows, [2]));
            Assert.Throws<ArgumentOutOfRangeException>(() => Gathered(rows, [-1]));
        }

        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^1]);
        Assert.Equal(
            $"some.npy: byte {whole.Length - 1}: the data end inside the rows: expected {whole.Length} bytes, found {whole.Length - 1}",
            Assert.Throws<DataFormatException>(() => Open().Dispose()).Message);
    }

    [Fact]
    public void Gathering_allocates_nothing_that_grows_with_the_file_or_the_number_of_batches()
    {
        // 400,000 rows of 4 are 6.4 MB; a thousand batches of 100 keep to their buffers.
        Write(NpyArray.FromFloat32([400_000, 4], new float[1_600_000]));
        using FileRows rows = Open();
        int[] batch = new int[100];
        float[] values = new float[400];
        rows.Gather(batch, values);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            batch.AsSpan().Fill(i * 399);
            rows.Gather(batch, values);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    private static float[] Gathered(IRowSource rows, int[] order)
    {
        float[] values = new float[order.Length * rows.Columns];
        rows.Gather(order, values);
        return values;
    }

    private void Write(NpyArray array)
    {
        using FileStream stream = File.Create(path);
        Npy.Write(stream, array);
    }

    private FileRows Open(Standardization? standardization = null)
    {
        using FileStream stream = File.OpenRead(path);
        NpyStart start = Npy.ReadStart(stream, "some.npy");
        return new FileRows(File.OpenHandle(path), new RowLayout("some.npy", start.Type, start.Shape[0], start.Shape[1], start.FirstByte), standardization: standardization);
    }
}
