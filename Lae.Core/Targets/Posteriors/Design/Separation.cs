using System.Numerics.Tensors;

namespace Lae.Targets;

/// <summary>Whether a combination of columns tells the two outcomes of a logistic regression apart.</summary>
public enum SeparationKind
{
    /// <summary>It is proved that none does: the likelihood has its maximum at finite coefficients.</summary>
    None,

    /// <summary>One does, but for rows exactly on its border. The likelihood grows for ever along it.</summary>
    Quasi,

    /// <summary>One tells all rows apart.</summary>
    Complete,

    /// <summary>Neither could be proved in double precision: the maximum, if there is one, is out of reach.</summary>
    Undecided,
}

/// <summary>
/// Finds whether the outcomes of a logistic regression are separable: whether there is a v with s_i x_i·v ≥ 0 for all rows, s = ±1 the outcomes, and &gt; 0 for some. This is so exactly if the likelihood has
/// no maximum. Newton's method on f(w) = Σ log(1 + exp(−s_i x_i·w)) decides, with a proof for either answer:
/// <code>
///     none        ν · max_i (x_iᵀ H⁻¹ x_i)^½ ≤ ½ at some w, with g, H the derivatives of f and ν² = gᵀ H⁻¹ g: then f has a minimum near w (self-concordance)
///     separable   the inequalities hold of w itself (complete), or of the step −H⁻¹ g to a part in 10⁷ (quasi): along a separating direction f falls as e^(−t), so that each step goes on along it
/// </code>
/// Cost: rows × columns² for each of about ten steps. Sources: Albert and Anderson (1984), On the existence of maximum likelihood estimates in logistic regression models; Bach (2010), Self-concordant
/// analysis for logistic regression, proposition 2, in coordinates in which H = I.
/// </summary>
public sealed record Separation(SeparationKind Kind, IReadOnlyList<double> Direction)
{
    private const int MostSteps = 60;
    private const int StepsBeyond = 20;

    /// <summary>Inner products below this share of the largest count as 0.</summary>
    private const double Border = 1e-7;

    /// <summary>Decides.</summary>
    /// <param name="columns">The columns beside the intercept.</param>
    /// <param name="labels">y, one for each row, 0 or 1.</param>
    /// <param name="hasIntercept">Whether the model has an intercept besides.</param>
    /// <returns>What was found, and of a separation the coefficients of the columns that separate (in their common scale; the intercept is not among them).</returns>
    public static Separation Find(Collinearity columns, IReadOnlyList<double> labels, bool hasIntercept)
    {
        int rows = labels.Count;
        int d = columns.Basis.Count + (hasIntercept ? 1 : 0);
        double[] signs = [.. labels.Select(label => label == 1 ? 1.0 : -1)];
        if (d == 0)
        {
            return new Separation(SeparationKind.None, []);
        }

        double[][] x = [.. hasIntercept ? [Constant(rows)] : Array.Empty<double[]>(), .. columns.Basis];
        double[] w = new double[d];
        double[] margins = new double[rows];
        double value = rows * Math.Log(2);
        Separation? quasi = null;
        int last = MostSteps;
        for (int step = 0; step < last; step++)
        {
            NewtonPoint at = NewtonPoint.Of(x, signs, margins);
            if (at.Direction is not { } direction)
            {
                break;
            }

            // the widest row is 4d/N at least, since Σ f''_i x_iᵀ H⁻¹ x_i = d and f'' ≤ ¼: it is computed only where that bound lets the test succeed
            if (at.Decrement * Math.Sqrt(4.0 * d / rows) <= 0.5 && at.Decrement * at.WidestRow(x) <= 0.5)
            {
                return new Separation(SeparationKind.None, []);
            }

            double[] along = Products(x, direction, signs);
            (double least, double most) = (TensorPrimitives.Min<double>(along), TensorPrimitives.Max<double>(along));
            if (quasi is null && least >= -Border * most)
            {
                // a separation with rows on its border; a few steps more show whether one without exists
                quasi = Found(SeparationKind.Quasi, direction);
                last = Math.Min(last, step + StepsBeyond);
            }

            (double size, margins, value) = Search(margins, along, value);
            TensorPrimitives.MultiplyAdd(direction, size, w, w);
            if (TensorPrimitives.Min<double>(margins) > Border * TensorPrimitives.Max<double>(margins))
            {
                return Found(SeparationKind.Complete, w);
            }
        }

        return quasi ?? new Separation(SeparationKind.Undecided, []);

        Separation Found(SeparationKind kind, double[] v) => new(kind, columns.Coefficients(hasIntercept ? v.AsSpan(1) : v));
    }

    /// <summary>Halves the step until f falls.</summary>
    private static (double Size, double[] Margins, double Value) Search(double[] margins, double[] along, double value)
    {
        double[] next = new double[margins.Length];
        for (double size = 1; ; size /= 2)
        {
            TensorPrimitives.MultiplyAdd(along, size, margins, next);
            double there = 0;
            foreach (double margin in next)
            {
                there += margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
            }

            if (there < value || size < 1e-6)
            {
                return (size, next, there);
            }
        }
    }

    /// <summary>s_i x_i·v.</summary>
    private static double[] Products(double[][] x, double[] v, double[] signs)
    {
        double[] result = new double[signs.Length];
        for (int j = 0; j < v.Length; j++)
        {
            TensorPrimitives.MultiplyAdd(x[j], v[j], result, result);
        }

        TensorPrimitives.Multiply(result, signs, result);
        return result;
    }

    private static double[] Constant(int rows)
    {
        double[] ones = new double[rows];
        Array.Fill(ones, 1 / Math.Sqrt(rows));
        return ones;
    }
}
