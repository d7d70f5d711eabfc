using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>A point on the way of the isokinetic motion, a value: x, u, log π(x) and its gradient, as in <see cref="MicrocanonicalState"/>.</summary>
internal readonly record struct IsokineticPoint(Tensor Position, Tensor Direction, Tensor LogDensity, Tensor Gradient);

/// <summary>
/// The isokinetic motion, on which the microcanonical kernels stand: a particle of constant speed whose direction u, |u| = 1, the gradient turns. In the coordinates y of x = S y,
/// P = S Sᵀ, with g = Sᵀ ∇log π(x)/T, |g| its norm, e = g/|g| and c = e·u, the two parts of the motion are solved exactly:
/// <code>
///     A(t)   x' = x + t S u
///     B(t)   u' = (u + e (sinh δ + c (cosh δ − 1))) / (cosh δ + c sinh δ),    δ = t |g| / (d − 1)
///            ΔK = (d − 1) (δ − log 2 + log(1 + c + (1 − c) e^(−2δ)))
/// </code>
/// A step is a symmetric word over them (<see cref="IsokineticIntegrator"/>). K plays the part of a kinetic energy: the exact motion keeps −log π/T + K, and −ΔK is the logarithm of
/// the Jacobian determinant of B on the sphere (A has 1). So the step is reversible under u → −u and turns the volume of phase space by e^(−ΣΔK): what an acceptance test needs.
/// Source: Ver Steeg and Galstyan, NeurIPS 34 (2021); Robnik, De Luca, Silverstein and Seljak, JMLR 24 (2023), section 3. Shapes: x, u, g are [chains, dimension], δ, ΔK are [chains].
/// </summary>
internal sealed class IsokineticMotion
{
    private const double Lambda = 0.1931833275037836;

    /// <summary>Below this length a gradient is 0: it has no direction, and e is shorter than 1, which the formulas of <see cref="Kick"/> bear.</summary>
    private const double Nothing = 1e-15;

    private readonly Target target;
    private readonly double temperature;
    private readonly Preconditioner preconditioner;
    private readonly (double Drift, double Kick)[] word;
    private readonly double firstKick;

    public IsokineticMotion(Target target, double stepSize, double temperature, Preconditioner preconditioner, IsokineticIntegrator integrator)
    {
        if (target.Dimension < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(target), target.Dimension, "The directions of a microcanonical kernel are those of a sphere: 2 dimensions or more are needed.");
        }

        preconditioner.RequireFits(target);
        this.target = target;
        this.temperature = temperature;
        this.preconditioner = preconditioner;
        (firstKick, word) = integrator switch
        {
            IsokineticIntegrator.Leapfrog => (0.5 * stepSize, [(stepSize, 0.5 * stepSize)]),
            IsokineticIntegrator.MinimalNorm => (Lambda * stepSize, ((double, double)[])[(0.5 * stepSize, (1 - (2 * Lambda)) * stepSize), (0.5 * stepSize, Lambda * stepSize)]),
            _ => throw new ArgumentOutOfRangeException(nameof(integrator), integrator, "An integrator is Leapfrog or MinimalNorm."),
        };
    }

    /// <summary>Gradients that a step costs.</summary>
    public int Gradients => word.Length;

    /// <summary>One step from a point, and the sum of its ΔK, [chains].</summary>
    public (IsokineticPoint Point, Tensor KineticChange) Step(IsokineticPoint from)
    {
        Tensor x = from.Position;
        LogDensityAndGradient here = new(from.LogDensity, from.Gradient);
        (Tensor u, Tensor kinetic) = Kick(from.Direction, Force(here.Gradient), firstKick);
        foreach ((double drift, double kick) in word)
        {
            x = Elementwise.ScaleAdd(drift, preconditioner.ApplyRoot(u), x);
            here = target.Evaluate(x);
            (u, Tensor change) = Kick(u, Force(here.Gradient), kick);
            kinetic += change;
        }

        return (new IsokineticPoint(x, u, here.LogDensity, here.Gradient), kinetic);
    }

    /// <summary>The change of −log π/T + K, [chains].</summary>
    public Tensor EnergyChange(Tensor logDensityBefore, Tensor logDensityAfter, Tensor kineticChange) =>
        Elementwise.ScaleAdd(1 / temperature, logDensityBefore - logDensityAfter, kineticChange);

    /// <summary>
    /// B(t) for the force g. With ζ = e^(−δ), a = |u + e|²/2 = 1 + c and b = |u − e|²/2 = 1 − c the formula is u' ∝ 2ζ u + (1 − ζ)(a + ζ b) e: no term overflows, and near the
    /// opposite of the force, where a vanishes, no digit is lost.
    /// </summary>
    public static (Tensor Direction, Tensor KineticChange) Kick(Tensor u, Tensor g, double time)
    {
        int d = u.Shape[1];
        Tensor length = Reductions.DotRows(g, g).Sqrt();
        Tensor e = g / Column(Elementwise.Maximum(length, Tensor.Full(Nothing, length.Shape, length.DType, length.Workspace)));
        Tensor delta = length * (time / (d - 1));
        Tensor zeta = (-delta).Exp();
        Tensor sum = u + e;
        Tensor difference = u - e;
        Tensor a = Reductions.DotRows(sum, sum);
        Tensor b = Reductions.DotRows(difference, difference);
        Tensor turned = (Column((1 - zeta) * (a + (zeta * b))) * e) + (Column(4 * zeta) * u);
        Tensor kinetic = (delta + ((a + (zeta.Square() * b)) / (a + b)).Log()) * (d - 1);
        return (Normalize(turned), kinetic);
    }

    /// <summary>O: u' = (u + ν ξ)/|u + ν ξ|. It keeps the uniform law on the sphere, since it commutes with every rotation.</summary>
    public static Tensor Refresh(Tensor u, double nu, Tensor xi) => Normalize(Elementwise.ScaleAdd(nu, xi, u));

    /// <summary>Rows of length 1; of standard normal numbers it makes directions of the uniform law.</summary>
    public static Tensor Normalize(Tensor rows) => rows / Column(Reductions.DotRows(rows, rows).Sqrt());

    private static Tensor Column(Tensor x) => x.Reshape(x.Count, 1);

    private Tensor Force(Tensor gradient)
    {
        Tensor force = preconditioner.ApplyRootTransposed(gradient);
        return temperature == 1 ? force : force * (1 / temperature);
    }
}
