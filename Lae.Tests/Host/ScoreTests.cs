using Lae.Datasets;
using Lae.Evaluation;
using Lae.Formats;
using Lae.Host;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Host;

/// <summary><c>lae score</c>: the score is the negative log joint density at the inferred latent point, and the figures are those of the scores that were written.</summary>
public class ScoreTests
{
    [Fact]
    public void ScoresAreNegativeLogJointDensitiesAtTheEncodings()
    {
        using HostRun host = Trained();
        Assert.Equal(0, host.Run("score", "--run", "out", "--refine", "0", "--out", "scores.csv"));
        CsvTable scores = Read(host.Path("scores.csv"));
        Assert.Equal(["row", "score", "anomalous"], scores.ColumnNames);
        TrainedModel model = LaeRun.Load(host.OutFolder, FakeModelFactory.Register);
        Dataset test = Digits8x8.Load().Split(0.2).Test;
        Tensor x = Tensor.FromSpan<float>(model.Parameters.Leaves[0].Workspace, test.ToUnit(), new Shape(test.Rows, 64));
        double[] expected = [.. model.Model.Density(model.Parameters, x).LogDensity(model.Encode(x)).ToArray().Select(value => -value)];
        double[] found = Column(scores, 1);
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Abs(pair.First)));
        Assert.Equal(Enumerable.Range(1, test.Rows).Select(row => (double)row), Column(scores, 0));
        Assert.Equal(test.Labels!.Value.ToArray().Select(label => label == 3 ? 1.0 : 0), Column(scores, 2));
    }

    [Fact]
    public void FiguresAreThoseOfTheScoresAndEvaluateHasThem()
    {
        using HostRun host = Trained();
        Assert.Equal(0, host.Run("score", "--run", "out", "--out", "scores"));
        CsvTable scores = Read(host.Path("scores/scores.csv"));
        bool[] anomalous = [.. Column(scores, 2).Select(one => one == 1)];
        (double auroc, double precision) = DetectionFigures.Of(Column(scores, 1), anomalous);
        Assert.Contains(FormattableString.Invariant($"auroc {auroc:F4}, averagePrecision {precision:F4} for the class 3"), host.Output, StringComparison.Ordinal);
        Assert.Equal(0, host.Run("evaluate", "--run", "out", "--only", "auroc,averagePrecision"));
        Assert.Equal(auroc, EvaluateTests.Test(host.OutFolder, "auroc"));
        Assert.Equal(precision, EvaluateTests.Test(host.OutFolder, "averagePrecision"));
    }

    [Fact]
    public void ClassesComeFromAFileOrAColumn()
    {
        using HostRun host = Trained();
        Dataset digits = Digits8x8.Load().Gather([.. Enumerable.Range(0, 30)], "thirty");
        byte[] levels = [.. digits.Values.ToArray().Select(value => (byte)value)];
        int[] labels = digits.Labels!.Value.ToArray();
        using (FileStream images = File.Create(host.Path("images.idx")), classes = File.Create(host.Path("labels.idx")))
        {
            Idx.Write(images, new IdxArray([30, 8, 8], levels));
            Idx.Write(classes, new IdxArray([30], labels.Select(label => (byte)label).ToArray()));
        }

        host.Write("labels.txt", string.Concat(labels.Select(label => $"{label}\n")));
        host.Write("images.csv", string.Join(',', Enumerable.Range(1, 64).Select(i => $"p{i}")) + ",kind\n" + string.Concat(levels.Chunk(64).Select((row, i) => $"{string.Join(',', row)},{labels[i]}\n")));
        string[][] forms = [["images.idx", "--labels", "labels.idx"], ["images.idx", "--labels", "labels.txt"], ["images.csv", "--label-column", "kind"]];
        for (int i = 0; i < forms.Length; i++)
        {
            Assert.True(host.Run(["score", "--run", "out", "--data", .. forms[i], "--out", $"{i}.csv"]) == 0, host.Error);
            Assert.Contains("for the class 3, 3 of 30", host.Output, StringComparison.Ordinal);
            Assert.Equal(HostRun.Bytes(host.Folder, "0.csv"), HostRun.Bytes(host.Folder, $"{i}.csv"));
        }

        Assert.Equal(0, host.Run("score", "--run", "out", "--data", "images.idx", "--out", "bare.csv"));
        Assert.Equal("row,score", File.ReadLines(host.Path("bare.csv")).First());
        Assert.Contains("the observations have no classes", host.Output, StringComparison.Ordinal);

        host.Write("few.txt", "1\n2\n");
        Assert.Equal(2, host.Run("score", "--run", "out", "--data", "images.idx", "--labels", "few.txt", "--out", "no.csv"));
        Assert.Equal($"{host.Path("few.txt")}: length: expected 30 classes, one for each observation, found 2", host.OneLine());
        Assert.Equal(2, host.Run("score", "--run", "out", "--positive", "12", "--out", "no.csv"));
        Assert.Equal("command line: --positive: there is no class \"12\" (did you mean \"1\"?); classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9", host.OneLine());
        Assert.Equal(2, host.Run("score", "--run", "out", "--data", "images.idx", "--positive", "1", "--out", "no.csv"));
        Assert.Equal("command line: --positive needs the classes of the observations: --labels or --label-column", host.OneLine());
    }

    private static HostRun Trained()
    {
        HostRun host = new();
        Assert.True(host.Run("--out", "out", "--Data:HoldOut=3") == 0, host.Error);
        return host;
    }

    private static double[] Column(CsvTable table, int column) => [.. table.Values.ToArray().Where((_, i) => i % table.Columns == column)];

    private static CsvTable Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Csv.Read(stream, path);
    }
}
