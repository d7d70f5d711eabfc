using Lae.Datasets;

namespace Lae.Tests.Datasets;

public class Digits8x8Tests
{
    [Fact]
    public void Digits_AreTheKnownOnes()
    {
        Dataset digits = Digits8x8.Load();

        Assert.Equal((1797, 64, 17), (digits.Rows, digits.Columns, digits.Levels));
        Assert.Equal(new ImageShape(8, 8, 1), digits.Shape);
        // The first image and the sum over all of them, from the published table.
        Assert.Equal([0f, 0f, 5f, 13f, 9f, 1f, 0f, 0f], digits.Row(0).ToArray()[..8]);
        Assert.Equal(561718.0, digits.Values.ToArray().Sum(value => (double)value));
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], CountPerClass(digits));
        Assert.Equal(16f, digits.Values.ToArray().Max());
    }

    [Fact]
    public void Split_IsStratified()
    {
        DatasetSplit split = Digits8x8.Load().Split(0.2);

        Assert.Equal(1797, split.Training.Rows + split.Test.Rows);
        Assert.Equal([35, 36, 35, 36, 36, 36, 36, 35, 34, 36], CountPerClass(split.Test));
        Assert.Equal("digits8x8 (test)", split.Test.Name);
    }

    private static int[] CountPerClass(Dataset data)
    {
        var counts = new int[data.LabelNames.Count];
        foreach (int label in data.Labels!.Value.Span)
        {
            counts[label]++;
        }

        return counts;
    }
}
