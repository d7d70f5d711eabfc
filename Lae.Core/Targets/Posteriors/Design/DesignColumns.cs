namespace Lae.Targets;

/// <summary>The columns of a design in a common scale: centred where the model has an intercept, and of mean square 1, so that what is found of them does not depend on units.</summary>
public sealed class DesignColumns
{
    /// <summary>A deviation below this share of the mean is rounding: the column is constant.</summary>
    private const double Rounding = 1e-13;

    private DesignColumns(int rows, double[] means, double[] deviations, double[][] scaled)
    {
        Rows = rows;
        Means = means;
        Deviations = deviations;
        Scaled = scaled;
    }

    /// <summary>Rows, 1 or more.</summary>
    public int Rows { get; }

    /// <summary>Columns, 1 or more.</summary>
    public int Count => Scaled.Length;

    /// <summary>The mean of each.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>The sample deviation (divisor rows − 1) of each; exactly 0 where it is constant.</summary>
    public IReadOnlyList<double> Deviations { get; }

    /// <summary>Brings columns to a common scale.</summary>
    /// <param name="columns">One or more of finite numbers, all of one length, 1 or more.</param>
    /// <param name="hasIntercept">Whether the model has an intercept besides: then columns are centred.</param>
    /// <returns>The columns.</returns>
    /// <exception cref="ArgumentException">There is no column, the lengths differ, or a number is not finite.</exception>
    public static DesignColumns Of(IReadOnlyList<double[]> columns, bool hasIntercept)
    {
        int rows = columns.Count == 0 ? 0 : columns[0].Length;
        if (rows == 0 || columns.Any(column => column.Length != rows || !column.All(double.IsFinite)))
        {
            throw new ArgumentException("Columns of finite numbers are needed, all of one length of 1 or more.", nameof(columns));
        }

        double[] means = [.. columns.Select(Mean)];
        double[] deviations = [.. columns.Zip(means, (column, mean) => Math.Sqrt(MeanSquare(column, mean) * rows / Math.Max(1, rows - 1)))];
        double[][] scaled = new double[columns.Count][];
        for (int j = 0; j < columns.Count; j++)
        {
            deviations[j] = deviations[j] > Rounding * Math.Abs(means[j]) ? deviations[j] : 0;
            double centre = hasIntercept ? means[j] : 0;
            double scale = hasIntercept && deviations[j] == 0 ? 0 : Math.Sqrt(MeanSquare(columns[j], centre));
            scaled[j] = scale == 0 ? new double[rows] : Array.ConvertAll(columns[j], value => (value - centre) / scale);
        }

        return new DesignColumns(rows, means, deviations, scaled);
    }

    /// <summary>The columns in the common scale, [columns][rows]: one is 0 throughout where it is constant beside an intercept, or 0.</summary>
    internal double[][] Scaled { get; }

    /// <summary>The mean, with one correction for its rounding.</summary>
    private static double Mean(double[] column)
    {
        double mean = column.Sum() / column.Length;
        return mean + (column.Sum(value => value - mean) / column.Length);
    }

    private static double MeanSquare(double[] column, double centre)
    {
        double sum = 0;
        foreach (double value in column)
        {
            sum += (value - centre) * (value - centre);
        }

        return sum / column.Length;
    }
}
