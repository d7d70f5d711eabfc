namespace Lae.Modes;

/// <summary>
/// Many points uphill at once, each by its own limited-memory quasi-Newton steps (L-BFGS with 8 pairs, Nocedal and Wright, Numerical Optimization, 2nd edition, algorithm 7.5):
/// <code>
///     y' = y + α H g,   H from the pairs (y' − y, g − g') of the last 8 steps in which their product is positive; H = I before the first, so that one step goes to the top of a Gaussian of the draws' own covariance, from anywhere
///     α = 1, cut to a quarter until log π rises by 10⁻⁴ α gᵀ H g or more;   no step is longer than 1 + |y|
/// </code>
/// A narrow bent valley is followed to its top, where plain gradient steps would seem to rest on the way. A point rests after four gains below 0.001 by whole steps (α = 1), with none larger between, where no step along the gradient gains anything, or above a given height, since the neck of a funnel has
/// no top.
/// </summary>
internal static class Ascent
{
    /// <summary>Steps that are enough for most points.</summary>
    public const int FewSteps = 60;

    /// <summary>Steps in which nearly all points come to rest.</summary>
    public const int ManySteps = 300;

    private const double SmallGain = 1e-3;
    private const int SmallGains = 4;
    private const double Shorter = 0.25;
    private const double LeastStep = 1e-12;
    private const double Sufficient = 1e-4;
    private const int Memory = 8;

    /// <summary>Climbs.</summary>
    /// <param name="heights">The distribution.</param>
    /// <param name="starts">Where from; those where log π is −∞ are left out.</param>
    /// <param name="ceiling">The height above which no point goes on.</param>
    /// <param name="most">The most evaluations of a point after the first.</param>
    /// <returns>Where the points came to rest, in the order of the starts.</returns>
    public static IReadOnlyList<Summit> Climb(Heights heights, IReadOnlyList<double[]> starts, double ceiling, int most)
    {
        (double[] values, double[][] gradients) = heights.At(starts);
        Climber[] climbers = [.. starts.Select((start, i) => new Climber(start, values[i], gradients[i], [], 1, 0)).Where(one => double.IsFinite(one.Height))];
        for (int step = 0; step < most; step++)
        {
            int[] moving = [.. Enumerable.Range(0, climbers.Length).Where(i => !climbers[i].IsAtRest(ceiling))];
            if (moving.Length == 0 || moving.Length > heights.Remaining)
            {
                break;
            }

            double[][] tried = [.. moving.Select(i => climbers[i].Next())];
            (double[] found, double[][] slopes) = heights.At(tried);
            for (int k = 0; k < moving.Length; k++)
            {
                climbers[moving[k]] = climbers[moving[k]].After(tried[k], found[k], slopes[k]);
            }
        }

        return [.. climbers.Select(one => new Summit(one.Position, one.Height, one.IsAtRest(ceiling)))];
    }

    /// <summary>y' − y, g − g', and 1 over their product.</summary>
    private sealed record Pair(double[] Move, double[] Bend, double Inverse);

    private sealed record Climber(double[] Position, double Height, double[] Gradient, IReadOnlyList<Pair> Pairs, double Step, int SmallGains)
    {
        private readonly Lazy<double[]> direction = new(() => Direct(Position, Gradient, Pairs));

        public bool IsAtRest(double ceiling) => SmallGains >= Ascent.SmallGains || Height >= ceiling || Step < LeastStep;

        public double[] Next() => [.. Position.Select((value, i) => value + (Step * direction.Value[i]))];

        public Climber After(double[] position, double height, double[] gradient)
        {
            if (!(height >= Height + (Sufficient * Step * Dot(direction.Value, Gradient))))
            {
                // a direction that leads nowhere is given up for the gradient
                return Step < Math.Sqrt(LeastStep) && Pairs.Count > 0
                    ? new Climber(Position, Height, Gradient, [], 1, SmallGains)
                    : new Climber(Position, Height, Gradient, Pairs, Shorter * Step, SmallGains);
            }

            double[] move = [.. position.Select((value, i) => value - Position[i])];
            double[] bend = [.. Gradient.Select((value, i) => value - gradient[i])];
            double product = Dot(move, bend);
            IReadOnlyList<Pair> pairs = product > 1e-12 * Math.Sqrt(Dot(move, move) * Dot(bend, bend)) && double.IsFinite(1 / product)
                ? [.. Pairs.Skip(Math.Max(0, Pairs.Count + 1 - Memory)), new Pair(move, bend, 1 / product)]
                : Pairs;
            return new Climber(position, height, gradient, pairs, 1, height - Height >= SmallGain ? 0 : Step == 1 ? SmallGains + 1 : SmallGains);
        }

        private static double[] Direct(double[] position, double[] gradient, IReadOnlyList<Pair> pairs)
        {
            double[] q = [.. gradient];
            double[] weights = new double[pairs.Count];
            for (int i = pairs.Count - 1; i >= 0; i--)
            {
                weights[i] = pairs[i].Inverse * Dot(pairs[i].Move, q);
                Add(q, -weights[i], pairs[i].Bend);
            }

            if (pairs.Count > 0)
            {
                double scale = 1 / (pairs[^1].Inverse * Dot(pairs[^1].Bend, pairs[^1].Bend));
                q = [.. q.Select(value => scale * value)];
            }

            for (int i = 0; i < pairs.Count; i++)
            {
                Add(q, weights[i] - (pairs[i].Inverse * Dot(pairs[i].Bend, q)), pairs[i].Move);
            }

            double length = Math.Sqrt(Dot(q, q));
            double most = 1 + Math.Sqrt(Dot(position, position));
            return length > most ? [.. q.Select(value => value * (most / length))] : q;
        }

        private static void Add(double[] sum, double factor, double[] other)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += factor * other[i];
            }
        }

        private static double Dot(double[] a, double[] b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
            {
                sum += a[i] * b[i];
            }

            return sum;
        }
    }
}
