using Lae.Datasets;
using Lae.Formats;

namespace Lae.Tests.Datasets;

public class TableDatasetsTests
{
    private static readonly CsvTable Table = new(
        ["a", "b"], 4, new double[] { 1, 5, 3, 7, 100, 200, 5, 9 }, new[] { 0, 1, 0, 1 }, ["no", "yes"], "some.csv");

    [Fact]
    public void Whole_IsStandardisedByItself()
    {
        StandardizedTable whole = TableDatasets.Standardize("some", new CsvTable(["a"], 3, new double[] { 1, 2, 3 }));
        Assert.Equal([-1f, 0f, 1f], whole.Data.Values.ToArray());
        Assert.Equal(["a"], whole.Data.ColumnNames!);
        Assert.Null(whole.Data.Labels);
        Assert.Null(whole.Data.Levels);
    }

    [Fact]
    public void Split_IsStandardisedByItsTrainingRows()
    {
        // Half of each class tests: rows 2 and 3. The outlier in row 2 must not touch the statistics.
        StandardizedSplit split = TableDatasets.StandardizeAndSplit("some", Table, 0.5);

        Assert.Equal([2, 6], split.Standardization.Means);
        Assert.Equal(Math.Sqrt(2), split.Standardization.Deviations[0], 1e-15);
        Assert.Equal((float)(98 / Math.Sqrt(2)), split.Test.Values.Span[0]);
        Assert.Equal([0, 1], split.Training.Labels!.Value.ToArray());
        Assert.Equal(["no", "yes"], split.Test.LabelNames);
    }

    [Fact]
    public void ConstantTrainingColumn_RefusedByName()
    {
        var table = new CsvTable(["a", "flat"], 3, new double[] { 1, 5, 3, 5, 4, 6 }, sourceName: "some.csv");
        TableDatasets.Standardize("some", table);
        var exception = Assert.Throws<DataFormatException>(() => TableDatasets.StandardizeAndSplit("some", table, 1.0 / 3));
        Assert.StartsWith("some.csv: column 2 (\"flat\"): ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], TableDatasets.StandardizeAndSplit("some", table.WithoutColumns(["flat"]), 1.0 / 3).Test.ColumnNames!);
    }

    [Fact]
    public void ValueBeyondSinglePrecision_RefusedWithPlace()
    {
        var table = new CsvTable(["a"], 3, new[] { 0, 1e-30, 1e30 }, sourceName: "some.csv");
        var exception = Assert.Throws<DataFormatException>(() => TableDatasets.StandardizeAndSplit("some", table, 1.0 / 3));
        Assert.Equal("row 3, column 1 (\"a\")", exception.Place);
    }

    [Fact]
    public void Npy_BecomesTable()
    {
        CsvTable table = TableDatasets.FromNpy(NpyArray.FromInt32([2, 2], [1, 2, 3, 4]), NpyArray.FromInt64([2], [10, -1]));
        Assert.Equal(["1", "2"], table.ColumnNames);
        Assert.Equal([1, 2, 3, 4], table.Values.ToArray());
        Assert.Equal(["-1", "10"], table.LabelNames);
        Assert.Equal([1, 0], table.Labels!.Value.ToArray());

        Assert.Throws<DataFormatException>(() => TableDatasets.FromNpy(NpyArray.FromFloat64([2], [1, 2])));
        Assert.Throws<DataFormatException>(() => TableDatasets.FromNpy(NpyArray.FromFloat64([1, 2], [1, double.NaN])));
        Assert.Throws<DataFormatException>(() => TableDatasets.FromNpy(NpyArray.FromFloat64([1, 1], [1]), NpyArray.FromInt32([2], [1, 2])));
        Assert.Throws<DataFormatException>(() => TableDatasets.FromNpy(NpyArray.FromFloat64([1, 1], [1]), NpyArray.FromFloat64([1], [1])));
    }

    [Fact]
    public void Csv_BecomesImages()
    {
        var table = new CsvTable(["p1", "p2"], 2, new double[] { 0, 3, 2, 1 }, new[] { 0, 0 }, ["zero"], "some.csv");
        Dataset images = ImageDatasets.FromCsv("some", table, new ImageShape(1, 2, 1), 4);
        Assert.Equal([0f, 3f, 2f, 1f], images.Values.ToArray());
        Assert.Equal(4, images.Levels);
        Assert.Equal(["zero"], images.LabelNames);

        var exception = Assert.Throws<DataFormatException>(() => ImageDatasets.FromCsv("some", table, new ImageShape(1, 2, 1), 3));
        Assert.Equal("some.csv: row 1, column 2 (\"p2\"): expected a pixel value that is an integer from 0 to 2, found 3", exception.Message);
        var half = new CsvTable(["p"], 1, new[] { 0.5 });
        Assert.Throws<DataFormatException>(() => ImageDatasets.FromCsv("some", half, new ImageShape(1, 1, 1), 3));
        Assert.Throws<DataFormatException>(() => ImageDatasets.FromCsv("some", table, new ImageShape(2, 2, 1), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageDatasets.FromCsv("some", table, new ImageShape(2, 1, 2), 4));
    }
}
