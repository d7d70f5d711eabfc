using System.Globalization;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Composition;

/// <summary>The design of a regression as its model takes it: the intercept's column of ones first, predictors standardised or not, with a name and a prior for each coefficient.</summary>
internal sealed class RegressionDesign
{
    private readonly RegressionOptions options;
    private readonly DesignColumns scales;

    private RegressionDesign(RegressionOptions options, RegressionData data, string[] names, Prior[] priors, double[][] columns)
    {
        this.options = options;
        scales = data.Columns;
        Names = names;
        Priors = priors;
        Columns = columns;
    }

    /// <summary>The names of the coefficients.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The prior of each.</summary>
    public IReadOnlyList<Prior> Priors { get; }

    /// <summary>The columns, [coefficients][rows].</summary>
    public IReadOnlyList<double[]> Columns { get; }

    /// <summary>Makes the design.</summary>
    /// <param name="options">The options.</param>
    /// <param name="data">What they found.</param>
    /// <param name="mean">The middle of the default prior of the intercept.</param>
    /// <param name="deviation">What a default prior takes for a deviation of the outcome.</param>
    /// <exception cref="OptionException">A prior does not fit, or names are too few or too many.</exception>
    public static RegressionDesign Of(RegressionOptions options, RegressionData data, double mean, double deviation)
    {
        int rows = data.Table.Rows;
        string[] terms = [.. data.Terms.Select(term => term.Text)];
        Prior[] priors = [.. terms.Select((_, j) => PriorRange.Real(
            options.Prior ?? Prior.Normal(0, Rounded(2.5 * deviation / (options.Standardize || data.Columns.Deviations[j] == 0 ? 1 : data.Columns.Deviations[j]))), nameof(options.Prior)))];
        for (int i = 0; i < options.Priors.Length; i++)
        {
            string of = options.Priors[i].Coefficient!;
            string key = $"{nameof(options.Priors)}:{i}";
            int at = Array.IndexOf(terms, of);
            priors[at >= 0 ? at : throw new OptionException($"{key}:{nameof(CoefficientPriorOptions.Coefficient)}", $"there is no predictor \"{of}\"{NearestKey.Suggest(of, terms)}")] =
                PriorRange.Real(options.Priors[i].Prior!, $"{key}:{nameof(CoefficientPriorOptions.Prior)}");
        }

        double[][] columns = [.. data.Predictors.Select((column, j) => options.Standardize ? Standardized(column, data.Columns, j, options.Intercept) : column)];
        if (options.Intercept)
        {
            double[] ones = new double[rows];
            Array.Fill(ones, 1);
            columns = [ones, .. columns];
            terms = ["intercept", .. terms];
            priors = [PriorRange.Real(options.InterceptPrior ?? (options.Standardize ? Prior.Normal(Rounded(mean, deviation), Rounded(2.5 * deviation)) : Prior.Flat), nameof(options.InterceptPrior)), .. priors];
        }

        if (options.Names.Length != 0 && options.Names.Length != terms.Length)
        {
            throw new OptionException(nameof(options.Names), $"there are {terms.Length} coefficients ({string.Join(", ", terms.Take(6))}{(terms.Length > 6 ? ", …" : string.Empty)}) and {options.Names.Length} names");
        }

        return new RegressionDesign(options, data, options.Names.Length == 0 ? terms : options.Names, priors, columns);
    }

    /// <summary>The design as a matrix, [rows, coefficients].</summary>
    public Matrix<double> ToMatrix() => Matrix<double>.Build.DenseOfColumnArrays(Columns);

    /// <summary>The design as a tensor, [rows, coefficients].</summary>
    public Tensor ToTensor()
    {
        int d = Columns.Count;
        double[] values = new double[Columns[0].Length * d];
        for (int j = 0; j < d; j++)
        {
            double[] column = Columns[j];
            for (int i = 0; i < column.Length; i++)
            {
                values[(i * d) + j] = column[i];
            }
        }

        return Tensor.FromArray(values, Columns[0].Length, d);
    }

    /// <summary>The posterior in the units in which it is to be reported: with b of standardised predictors, b_j/s_j and a − Σ b_j m_j/s_j.</summary>
    /// <param name="posterior">The posterior of the coefficients of this design, first among what it reports.</param>
    public Posterior InUnits(Posterior posterior)
    {
        if (!options.Standardize || options.Units == CoefficientUnits.Standardized)
        {
            return posterior;
        }

        int all = posterior.Names.Count;
        int first = options.Intercept ? 1 : 0;
        double[] map = new double[all * all]; // reported = u · map
        for (int i = 0; i < all; i++)
        {
            int predictor = i - first;
            double scale = predictor >= 0 && predictor < scales.Count && scales.Deviations[predictor] > 0 ? scales.Deviations[predictor] : 1;
            map[(i * all) + i] = 1 / scale;
            if (options.Intercept && predictor >= 0 && predictor < scales.Count)
            {
                map[i * all] = -scales.Means[predictor] / scale;
            }
        }

        Tensor matrix = Tensor.FromArray(map, all, all);
        return new Posterior(posterior.Target, posterior.Names, u => posterior.Report(u).MatMul(matrix));
    }

    /// <summary>What was done, and which priors hold, in sentences.</summary>
    /// <param name="others">Further priors by name.</param>
    public IEnumerable<string> Notes(params (string Name, Prior Prior)[] others)
    {
        if (options.Standardize && scales.Count > 0)
        {
            string units = options.Units == CoefficientUnits.Original ? "coefficients are reported in the units of the data" : "coefficients are reported for one standard deviation of the predictor";
            yield return $"Predictors are {(options.Intercept ? "centred and " : string.Empty)}divided by their standard deviations; priors concern their coefficients then; {units}.";
        }

        const int Shown = 8;
        (string Name, Prior Prior)[] all = [.. Names.Zip(Priors)];
        (string Name, Prior Prior)[] predictors = all[(options.Intercept ? 1 : 0)..];
        bool isOne = predictors.DistinctBy(one => one.Prior.Name).Count() == 1;
        (string Name, Prior Prior)[] told = [.. options.Intercept ? all[..1] : [], .. isOne ? [("every coefficient", predictors[0].Prior)] : predictors.Take(Shown), .. others];
        yield return $"Priors: {string.Join(", ", told.Select(one => $"{one.Name} {one.Prior}"))}{(!isOne && predictors.Length > Shown ? ", …" : string.Empty)}.";
    }

    /// <summary>A number to a hundredth of the leading digit of a scale: a default prior is no measurement.</summary>
    internal static double Rounded(double value, double scale)
    {
        if (!(scale > 0) || !double.IsFinite(scale))
        {
            return value;
        }

        double unit = Math.Pow(10, Math.Floor(Math.Log10(scale)) - 2);
        return double.Parse((Math.Round(value / unit) * unit).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>A deviation to three digits.</summary>
    internal static double Rounded(double deviation) => Rounded(deviation, deviation);

    private static double[] Standardized(double[] column, DesignColumns scales, int j, bool isCentred)
    {
        double centre = isCentred ? scales.Means[j] : 0;
        double scale = scales.Deviations[j] > 0 ? scales.Deviations[j] : 1;
        return isCentred && scales.Deviations[j] == 0 ? new double[column.Length] : Array.ConvertAll(column, value => (value - centre) / scale);
    }
}
