using System.Text;
using Lae.Formats;

namespace Lae.Tests.Formats.Columns;

/// <summary>Named columns of CSV and JSON: what is read, that other columns may hold anything, and that every fault names its place.</summary>
public sealed class ColumnsTests
{
    [Fact]
    public void Only_the_wanted_columns_of_a_csv_are_read()
    {
        ColumnTable table = Csv("id,\"a, b\",city\nx,1.5,Rome\n,-2e3,Oslo\nNA,+0.25,Rome\n\n", new("a, b"), new("city", IsText: true));
        Assert.Equal(3, table.Rows);
        Assert.Equal([1.5, -2000, 0.25], table.Numbers("a, b"));
        Assert.Equal(["Rome", "Oslo"], table.Texts("city").Levels);
        Assert.Equal([0, 1, 0], table.Texts("city").Codes);
        Assert.Throws<ArgumentException>(() => table.Numbers("id"));
        Assert.Equal("f: line 4, column 2 (\"a, b\"): no", table.Fault("a, b", 2, "no").Message);
    }

    [Fact]
    public void Runs_of_blanks_are_one_delimiter()
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes("   1   6  a \n 22  -3  b\n"));
        ColumnTable table = CsvColumns.Read(stream, "f", _ => [new("2"), new("3", IsText: true)], ' ', hasHeader: false);
        Assert.Equal([6, -3], table.Numbers("2"));
        Assert.Equal(["a", "b"], table.Texts("3").Levels);
    }

    [Theory]
    [InlineData("a,b\n1,x\n", "line 2, column 2 (\"b\"): expected a number, found \"x\"; hint")]
    [InlineData("a,b\n1,2\n3,\n", "line 3, column 2 (\"b\"): expected a number, found nothing: a missing value; fill it in, or leave the row out")]
    [InlineData("a,b\n1,2\n3,NA\n", "line 3, column 2 (\"b\"): expected a number, found \"NA\": a missing value; fill it in, or leave the row out")]
    [InlineData("a,b\n1,nan\n", "line 2, column 2 (\"b\"): expected a number, found \"nan\": a missing value; fill it in, or leave the row out")]
    [InlineData("a,b\n1,inf\n", "line 2, column 2 (\"b\"): expected a number, found \"inf\"; hint")]
    [InlineData("a,b\n1,Infinity\n", "line 2, column 2 (\"b\"): expected a finite number, found \"Infinity\"")]
    [InlineData("a,b\n1,1e999\n", "line 2, column 2 (\"b\"): expected a finite number, found \"1e999\"")]
    [InlineData("a,b\n1,2\n3\n", "line 3: expected 2 fields, found 1")]
    [InlineData("a,b\n1,2,3\n", "line 2: expected 2 fields, found 3")]
    [InlineData("a,b\n", "line 2: expected at least one row after the header, found the end of the data")]
    [InlineData("a,b\n1,2\n\n3,4\n", "line 3: expected a row, found a blank line before further rows")]
    [InlineData("b,b\n1,2\n", "line 1, column 2: expected every column name once, found \"b\" again")]
    [InlineData("", "line 1: expected a header, found no text")]
    public void A_fault_of_a_csv_names_line_and_column(string text, string message) =>
        Assert.Equal($"f: {message}", Assert.Throws<DataFormatException>(() => Csv(text, new WantedColumn("b", Hint: "; hint"))).Message);

    [Fact]
    public void Columns_of_json_are_arrays_and_arrays_of_arrays()
    {
        ColumnTable table = Json("""{ "N": 2, "y": [ 1, 2.5 ], "X": [ [ 1, 2 ], [ 3, 4 ] ], "long": [ 1, 2, 3 ], "s": [ "a", "b" ] }""", new("y"), new("X[2]"), new("s", IsText: true));
        Assert.Equal([1, 2.5], table.Numbers("y"));
        Assert.Equal([2, 4], table.Numbers("X[2]"));
        Assert.Equal(["a", "b"], table.Texts("s").Levels);
        Assert.Equal("f: X[1][1]: no", table.Fault("X[2]", 1, "no").Message);
    }

    [Theory]
    [InlineData("""{ "b": [ 1, null ] }""", "b[1]: expected a number, found null: a missing value; fill it in, or leave the row out")]
    [InlineData("""{ "b": [ 1, "x" ] }""", "b[1]: expected a number, found \"\"x\"\"; hint")]
    [InlineData("""{ "b": [] }""", "b: expected at least one element, found none")]
    [InlineData("""[ 1 ]""", "line 1: expected an object of arrays, { \"name\": [ numbers ], … }")]
    [InlineData("{ \"b\": [ 1,\n 2 }", "line 2, column 4: expected JSON, found what is none")]
    public void A_fault_of_json_names_its_path(string text, string message) =>
        Assert.Equal($"f: {message}", Assert.Throws<DataFormatException>(() => Json(text, new WantedColumn("b", Hint: "; hint"))).Message);

    [Fact]
    public void Ragged_json_is_refused()
    {
        Assert.Equal(
            "f: y: expected 1 elements as b has, found 2", Assert.Throws<DataFormatException>(() => Json("""{ "b": [ 1 ], "y": [ 1, 2 ] }""", new("b"), new WantedColumn("y"))).Message);
        Assert.Equal(
            "f: X[1]: expected an array of 2 numbers, as the first is", Assert.Throws<DataFormatException>(() => Json("""{ "X": [ [ 1, 2 ], [ 3 ] ] }""", new WantedColumn("X[1]"))).Message);
    }

    private static ColumnTable Csv(string text, params WantedColumn[] wanted)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        return CsvColumns.Read(stream, "f", _ => wanted);
    }

    private static ColumnTable Json(string text, params WantedColumn[] wanted)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        return JsonColumns.Read(stream, "f", _ => wanted);
    }
}
