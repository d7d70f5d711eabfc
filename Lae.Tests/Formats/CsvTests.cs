using System.IO.Compression;
using System.Text;
using FsCheck.Fluent;
using Lae.Formats;

namespace Lae.Tests.Formats;

public class CsvTests
{
    private static CsvTable Parse(string text, CsvOptions? options = null) =>
        Csv.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "some.csv", options);

    private static void Refused(string text, CsvOptions? options, string place, params string[] words)
    {
        var exception = FormatChecks.Refused(Encoding.UTF8.GetBytes(text), stream => Csv.Read(stream, "some.csv", options), words);
        Assert.Equal(place, exception.Place);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("a,b\r1,2\r3,4\r")]
    [InlineData("\uFEFFa,b\n1,2\n3,4\n\n\r\n\n")]
    [InlineData(" a ,\"b\"\n\"1\", 2 \n+3.0e0, 4.\n")]
    public void SameTable_InManyForms(string text)
    {
        CsvTable table = Parse(text);

        Assert.Equal(["a", "b"], table.ColumnNames);
        Assert.Equal((2, 2), (table.Rows, table.Columns));
        Assert.Equal([1, 2, 3, 4], table.Values.ToArray());
        Assert.Null(table.Labels);
    }

    [Fact]
    public void QuotedNames_KeepWhatTheyHold() =>
        Assert.Equal(["a,\"b\"\n", " c "], Parse("\"a,\"\"b\"\"\n\",\" c \"\n1,2\n").ColumnNames);

    [Fact]
    public void Labels_AreSortedTexts()
    {
        CsvTable table = Parse("x,kind,y\n1,wasp,2\n3,Bee,4\n5,wasp,6\n7,\"ant, red\",8\n", new CsvOptions(LabelColumn: "kind"));

        Assert.Equal(["x", "y"], table.ColumnNames);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], table.Values.ToArray());
        Assert.Equal(["Bee", "ant, red", "wasp"], table.LabelNames);
        Assert.Equal([2, 0, 2, 1], table.Labels!.Value.ToArray());
    }

    [Fact]
    public void WithoutHeader_ColumnsAreNumbered()
    {
        CsvTable table = Parse("yes;1;x;2\nno;3;y;4\n", new CsvOptions(';', HasHeader: false, LabelColumn: "1", IgnoredColumns: ["3"]));

        Assert.Equal(["2", "4"], table.ColumnNames);
        Assert.Equal([1, 2, 3, 4], table.Values.ToArray());
        Assert.Equal([1, 0], table.Labels!.Value.ToArray());
    }

    [Fact]
    public void Gzip_IsSeen()
    {
        byte[] zipped = FormatChecks.Written(stream =>
        {
            using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write("a\n1\n2\n"u8);
        });
        Assert.Equal([1, 2], Csv.Read(new MemoryStream(zipped), "some.csv").Values.ToArray());
        FormatChecks.EveryTruncationIsRefused(zipped, stream => Csv.Read(stream, "some.csv.gz"));
        FormatChecks.NoChangedByteBreaks(zipped, stream => Csv.Read(stream, "some.csv.gz"));
    }

    [Fact]
    public void AnyFiniteDoubles_ComeBackBitForBit() => FormatChecks.ForAll(
        FormatChecks.AnyDouble.Where(double.IsFinite).ArrayOf(12).Zip(Gen.Elements(1, 2, 3, 4, 6, 12)).Zip(Gen.Elements(',', ';', '\t', '|')), 105,
        sample =>
        {
            var ((values, columns), delimiter) = sample;
            string[] names = [.. Enumerable.Range(0, columns).Select(i => $" na\"me{delimiter}\n{i} ")];
            byte[] file = FormatChecks.Written(stream => Csv.Write(stream, names, values, delimiter));
            CsvTable back = Csv.Read(new MemoryStream(file), "memory", new CsvOptions(delimiter));
            return back.ColumnNames.SequenceEqual(names)
                && back.Values.ToArray().Select(BitConverter.DoubleToInt64Bits).SequenceEqual(values.Select(BitConverter.DoubleToInt64Bits));
        });

    [Fact]
    public void LargeTable_CrossesItsBuffers()
    {
        // Row i holds i, i + 1/8, ...: the text is far longer than the reader's buffers.
        const int Rows = 20_000;
        double[] values = [.. Enumerable.Range(0, Rows * 5).Select(i => i / 5 + i % 5 / 8.0)];
        byte[] file = FormatChecks.Written(stream => Csv.Write(stream, ["a", "b", "c", "d", "e"], values));
        Assert.Equal(values, Csv.Read(new MemoryStream(file), "memory").Values.ToArray());
    }

    [Fact]
    public void LongField_IsKept()
    {
        string name = new('x', 200_000);
        Assert.Equal([name, "b"], Parse($"{name},b\n1,2\n").ColumnNames);
    }

    [Fact]
    public void Malformed_RefusedWithPlace()
    {
        Refused("", null, "line 1", "header");
        Refused("\n1\n", null, "line 1", "header");
        Refused("a,b\n", null, "line 2", "at least one row");
        Refused("a,,b\n1,2,3\n", null, "line 1, column 2", "column name");
        Refused("a,b,a\n1,2,3\n", null, "line 1, column 3", "\"a\" again");
        Refused("a,b\n1,2\n3\n", null, "line 3", "expected 2 fields, found 1");
        Refused("a,b\n1,2,3\n", null, "line 2", "expected 2 fields, found 3");
        Refused("a,b\n1,2\n\n3,4\n", null, "line 3", "blank");
        Refused("a,age\n1,2\n3,\n", null, "line 3, column 2 (\"age\")", "expected a number, found nothing");
        Refused("a,age\n1,  \n", null, "line 2, column 2 (\"age\")", "nothing");
        Refused("a,age\n1,old\n", null, "line 2, column 2 (\"age\")", "expected a number, found \"old\"");
        Refused("a\n1,5\n", new CsvOptions(';'), "line 2, column 1 (\"a\")", "\"1,5\"");
        Refused("a\n0x10\n", null, "line 2, column 1 (\"a\")", "number");
        foreach (string notFinite in (string[])["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
        {
            Refused($"a,b\n1,{notFinite}\n", null, "line 2, column 2 (\"b\")", "finite", notFinite);
        }

        Refused("a,b\n1,\"2\n3,4\n", null, "line 2", "closing quote");
        Refused("a,b\n1,\"2\"3\n", null, "line 2", "after a closing quote");
        Refused("a,b\n1,2\"\n", null, "line 2", "quote");
        Refused("\"a\nb\",c\n1,x\n", null, "line 3, column 2 (\"c\")", "\"x\"");
        Refused("a,b\n1,\n", new CsvOptions(LabelColumn: "b"), "line 2, column 2 (\"b\")", "label");
        Refused("a,b\n1,2\n", new CsvOptions(LabelColumn: "c"), "line 1", "expected a column \"c\"");
        Refused("a,b\n1,2\n", new CsvOptions(IgnoredColumns: ["c"]), "line 1", "expected a column \"c\"");
        Refused("a\n1\n", new CsvOptions(LabelColumn: "a"), "line 1", "at least one column of numbers");
        Refused($"a\n{new string('x', 1000)}\n", null, "line 2, column 1 (\"a\")", "xxx...");
    }

    [Fact]
    public void OtherEncodings_Refused()
    {
        FormatChecks.Refused("a\n1\n\u00FC\n"u8.ToArray()[..^2], stream => Csv.Read(stream, "some.csv"), "line ", "UTF-8");
        FormatChecks.Refused(Encoding.Latin1.GetBytes("größe\n1\n"), stream => Csv.Read(stream, "some.csv"), "line 1", "UTF-8");
    }

    [Theory]
    [InlineData('"')]
    [InlineData('.')]
    [InlineData('\n')]
    [InlineData('e')]
    [InlineData('7')]
    public void BadDelimiter_Refused(char delimiter)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Parse("a\n1\n", new CsvOptions(delimiter)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Csv.Write(Stream.Null, ["a"], [1], delimiter));
    }

    [Fact]
    public void Write_ChecksItsParts()
    {
        Assert.Throws<ArgumentException>(() => Csv.Write(Stream.Null, ["a", "b"], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Csv.Write(Stream.Null, ["a"], [double.NaN]));
    }

    [Fact]
    public void WithoutColumns_KeepsTheOthers()
    {
        CsvTable table = Parse("a,b,c\n1,2,3\n4,5,6\n").WithoutColumns(["b"]);
        Assert.Equal(["a", "c"], table.ColumnNames);
        Assert.Equal([1, 3, 4, 6], table.Values.ToArray());
        Assert.Throws<ArgumentException>(() => table.WithoutColumns(["b"]));
        Assert.Throws<ArgumentException>(() => table.WithoutColumns(["a", "c"]));
    }
}
