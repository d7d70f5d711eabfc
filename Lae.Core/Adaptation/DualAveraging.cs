namespace Lae.Adaptation;

/// <summary>
/// The step size at which an acceptance is met, by dual averaging, as an immutable value:
/// <code>
///     H̄' = (1 − 1/(m + t₀)) H̄ + (δ − α)/(m + t₀),   log h' = μ − (√m/γ) H̄',   log h̄' = m^(−κ) log h' + (1 − m^(−κ)) log h̄
/// </code>
/// with γ = 0.05, t₀ = 10, κ = 0.75, μ = log 10 h₀ (or log h₀ for unadjusted kernels, of which too long a step is not refused but biased, and after few transitions h̄ is still near μ). h' is tried next; h̄, the average, is what to freeze. Source: Hoffman and Gelman, JMLR 15 (2014), section 3.2.1.
/// </summary>
public sealed record DualAveraging
{
    /// <summary>μ/h₀ of Hoffman and Gelman: long steps are tried first, since of these it costs little to learn that they are too long.</summary>
    public const double Bold = 10;

    private const double Gamma = 0.05;
    private const double Delay = 10;
    private const double Kappa = 0.75;

    private readonly double shrinkage;
    private readonly double meanError;
    private readonly double logAverage;
    private readonly long count;

    private DualAveraging(double shrinkage, double target, double stepSize, double meanError, double logAverage, long count)
    {
        this.shrinkage = shrinkage;
        this.meanError = meanError;
        this.logAverage = logAverage;
        this.count = count;
        TargetAcceptance = target;
        StepSize = stepSize;
    }

    /// <summary>δ.</summary>
    public double TargetAcceptance { get; }

    /// <summary>h, to be tried next.</summary>
    public double StepSize { get; }

    /// <summary>h̄, to be frozen; h₀ before the first answer.</summary>
    public double AverageStepSize => count == 0 ? StepSize : Math.Exp(logAverage);

    /// <summary>Before the first answer.</summary>
    /// <param name="stepSize">h₀, positive and finite.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <param name="boldness">e^μ/h₀, positive and finite.</param>
    /// <returns>Nothing learned yet.</returns>
    public static DualAveraging Start(double stepSize, double targetAcceptance, double boldness = Bold)
    {
        if (!(boldness > 0) || !double.IsFinite(boldness))
        {
            throw new ArgumentOutOfRangeException(nameof(boldness), boldness, "A factor must be positive and finite.");
        }

        if (!(stepSize > 0) || !double.IsFinite(stepSize))
        {
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
        }

        if (!(targetAcceptance > 0 && targetAcceptance < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(targetAcceptance), targetAcceptance, "An acceptance to aim at must be in (0, 1).");
        }

        return new DualAveraging(Math.Log(boldness * stepSize), targetAcceptance, stepSize, 0, 0, 0);
    }

    /// <summary>What is known after a transition.</summary>
    /// <param name="acceptance">α, the mean acceptance probability of the chains at <see cref="StepSize"/>, in [0, 1].</param>
    /// <returns>The next state.</returns>
    public DualAveraging After(double acceptance)
    {
        if (!(acceptance >= 0) || acceptance > 1)
        {
            throw new ArgumentOutOfRangeException(nameof(acceptance), acceptance, "An acceptance must be in [0, 1].");
        }

        long m = count + 1;
        double weight = 1 / (m + Delay);
        double error = ((1 - weight) * meanError) + (weight * (TargetAcceptance - acceptance));
        double log = shrinkage - (Math.Sqrt(m) / Gamma * error);
        double share = Math.Pow(m, -Kappa);
        return new DualAveraging(shrinkage, TargetAcceptance, Math.Exp(log), error, (share * log) + ((1 - share) * logAverage), m);
    }
}
