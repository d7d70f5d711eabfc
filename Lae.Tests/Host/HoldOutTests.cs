using Lae.Datasets;
using Lae.Host;
using Lae.Host.Data;
using Lae.Host.Runs;

namespace Lae.Tests.Host;

/// <summary>A class that is held out of training: absent there, whole in the test part, and without a share in the statistics of a table.</summary>
public class HoldOutTests
{
    [Fact]
    public void TheClassIsAbsentFromTrainingAloneAndTheRunSaysSo()
    {
        LoadedData all = new DigitsSource().Load();
        LoadedData without = new DigitsSource { HoldOut = "3" }.Load();
        Assert.Equal("3", without.HeldOut);
        Assert.DoesNotContain(3, without.Split.Training.Labels!.Value.ToArray());
        Assert.Equal(all.Split.Training.Labels!.Value.ToArray().Count(label => label != 3), without.Split.Training.Rows);
        Assert.Equal(all.Split.Test.Values.ToArray(), without.Split.Test.Values.ToArray());
        Assert.Contains(3, without.Split.Test.Labels!.Value.ToArray());

        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out", "--Data:HoldOut=3", "--Training:Epochs=1"));
        DataForm form = LaeRun.Data(host.OutFolder);
        Assert.Equal(("3", without.Split.Training.Rows, 355), (form.HeldOut, form.Rows, form.TestRows));
        Assert.Contains("digits8x8 (training) without 3", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ATableIsStandardisedByTheRowsThatAreLeft()
    {
        using HostRun host = new();
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? $"{5000 + i},{i},odd" : $"{i % 7},{i % 5},usual");
        host.Write("table.csv", "a,b,kind\n" + string.Join('\n', rows) + "\n");
        LoadedData data = new CsvTableSource { Path = host.Path("table.csv"), LabelColumn = "kind", HoldOut = "odd" }.Load();
        Assert.True(data.Standardization!.Means[0] < 7);
        double[] a = [.. data.Split.Training.Values.ToArray().Where((_, i) => i % 2 == 0).Select(value => (double)value)];
        Assert.Equal(0, a.Average(), 6);
        Assert.Equal(1, Math.Sqrt(a.Sum(value => value * value) / (a.Length - 1)), 6);
    }

    [Theory]
    [InlineData("Data:HoldOut: there is no class \"eleven\"; classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9", "--Data:HoldOut=eleven")]
    [InlineData("Data:HoldOut: the data have no classes; name the file or the column of the labels", "--Data:Type=CsvTable", "--Data:Path=table.csv", "--Data:HoldOut=x")]
    [InlineData("Data:HoldOut: the test part must have observations of the class \"x\" and of others, and has 0 of 2", "--Data:Type=CsvTable", "--Data:Path=classes.csv", "--Data:LabelColumn=kind", "--Data:HoldOut=x")]
    public void AClassThatCannotBeHeldOut(string message, params string[] settings)
    {
        using HostRun host = new();
        host.Write("table.csv", "a,b\n1,2\n3,4\n5,7\n8,9\n1,1\n");
        host.Write("classes.csv", "a,b,kind\n1,2,x\n3,4,x\n5,7,y\n8,9,y\n1,1,y\n1,2,y\n3,3,y\n6,6,y\n9,1,y\n2,2,y\n4,1,y\n7,3,y\n");
        Assert.Equal(message, host.Refused(settings));
    }
}
