namespace Lae.Targets;

/// <summary>The constants of a normal prior: log p(x) = constant − z²/2 with z = (x − mean)/deviation.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The deviation, positive.</param>
/// <param name="Constant">−ln deviation − ½ ln 2π.</param>
internal sealed record NormalPrior(double Mean, double Deviation, double Constant)
{
    /// <summary>log p(x) and its derivative.</summary>
    public (double LogDensity, double Derivative) Evaluate(double x)
    {
        double z = (x - Mean) / Deviation;
        return (Constant - (0.5 * z * z), -z / Deviation);
    }
}
