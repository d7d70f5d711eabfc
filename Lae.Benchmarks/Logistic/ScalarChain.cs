namespace Lae.Benchmarks.Logistic;

/// <summary>ULA and MALA on a logistic regression in plain C#: arrays, loops, Math.Exp and Math.Log, and no registers written by hand. ULA computes no log density, which its step does not need.</summary>
internal sealed class ScalarChain(LogisticProblem problem, int seed)
{
    private const double Precision = 1 / (LogisticProblem.PriorDeviation * LogisticProblem.PriorDeviation);

    private readonly Random random = new(seed);
    private readonly double[] x = problem.Design;
    private readonly double[] y = problem.Labels;
    private readonly int n = problem.Rows;
    private readonly int d = problem.Columns;

    public ChainFigures Ula(int steps, double h)
    {
        double[] draws = new double[steps * d];
        double[] u = new double[d];
        double[] gradient = new double[d];
        double root = Math.Sqrt(2 * h);
        for (int k = 0; k < steps; k++)
        {
            Gradient(u, gradient);
            for (int j = 0; j < d; j++)
            {
                u[j] += (h * gradient[j]) + (root * Normal());
                draws[(k * d) + j] = u[j];
            }
        }

        return new ChainFigures(draws, 1);
    }

    public ChainFigures Mala(int steps, double h)
    {
        double[] draws = new double[steps * d];
        double[] u = new double[d];
        double[] proposal = new double[d];
        double[] gradient = new double[d];
        double[] proposalGradient = new double[d];
        double root = Math.Sqrt(2 * h);
        double logDensity = LogDensityAndGradient(u, gradient);
        int accepted = 0;
        for (int k = 0; k < steps; k++)
        {
            for (int j = 0; j < d; j++)
            {
                proposal[j] = u[j] + (h * gradient[j]) + (root * Normal());
            }

            double proposalLogDensity = LogDensityAndGradient(proposal, proposalGradient);
            double ratio = proposalLogDensity - logDensity;
            for (int j = 0; j < d; j++)
            {
                ratio -= 0.5 * (proposal[j] - u[j]) * (gradient[j] + proposalGradient[j]);
                ratio += 0.25 * h * ((gradient[j] * gradient[j]) - (proposalGradient[j] * proposalGradient[j]));
            }

            if (Math.Log(1 - random.NextDouble()) < ratio)
            {
                (u, proposal) = (proposal, u);
                (gradient, proposalGradient) = (proposalGradient, gradient);
                logDensity = proposalLogDensity;
                accepted++;
            }

            u.CopyTo(draws, k * d);
        }

        return new ChainFigures(draws, (double)accepted / steps);
    }

    private void Gradient(double[] u, double[] gradient)
    {
        for (int j = 0; j < d; j++)
        {
            gradient[j] = -Precision * u[j];
        }

        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = x.AsSpan(i * d, d);
            double logit = 0;
            for (int j = 0; j < row.Length; j++)
            {
                logit += row[j] * u[j];
            }

            double residual = y[i] - (1 / (1 + Math.Exp(-logit)));
            for (int j = 0; j < row.Length; j++)
            {
                gradient[j] += residual * row[j];
            }
        }
    }

    private double LogDensityAndGradient(double[] u, double[] gradient)
    {
        double value = 0;
        for (int j = 0; j < d; j++)
        {
            gradient[j] = -Precision * u[j];
            value -= 0.5 * Precision * u[j] * u[j];
        }

        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = x.AsSpan(i * d, d);
            double logit = 0;
            for (int j = 0; j < row.Length; j++)
            {
                logit += row[j] * u[j];
            }

            double decay = Math.Exp(-Math.Abs(logit));
            value += (y[i] * logit) - Math.Max(logit, 0) - Math.Log(1 + decay);
            double residual = y[i] - ((logit >= 0 ? 1 : decay) / (1 + decay));
            for (int j = 0; j < row.Length; j++)
            {
                gradient[j] += residual * row[j];
            }
        }

        return value;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>What a chain did.</summary>
/// <param name="Draws">[steps, columns].</param>
/// <param name="Acceptance">The share of accepted proposals; 1 for ULA.</param>
internal sealed record ChainFigures(double[] Draws, double Acceptance);
