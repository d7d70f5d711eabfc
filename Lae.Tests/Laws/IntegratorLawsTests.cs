using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Laws;

/// <summary>The laws of integrators: the leapfrog has them all, and each of three wrong integrators breaks just those that it should.</summary>
public sealed class IntegratorLawsTests
{
    private const double H = 0.15;
    private const int Steps = 4;
    private static readonly Tensor Rotation = Tensor.FromArray([0.0, 1, 0, -1, 0, 0, 0, 0, 0], 3, 3);

    [Fact]
    public void The_leapfrog_is_reversible_and_symplectic_and_keeps_volume()
    {
        foreach (Target target in SampleTargets.All)
        {
            Tensor q = GaussianProblem.Noise(1, 4, target.Dimension);
            Tensor p = GaussianProblem.Noise(2, 4, target.Dimension);
            IntegratorLaws.All(Leapfrog(x => target.Evaluate(x).Gradient), q, p).Require();
        }
    }

    [Fact]
    public void On_a_Gaussian_the_probes_are_exact()
    {
        Target target = GaussianTarget.Dense(Tensor.FromArray([0.3, -1.0, 2.0]), GaussianProblem.ToTensor(GaussianProblem.Positive(3, 0.5, 4, 3)));
        IntegratorLaws.All(Leapfrog(x => target.Evaluate(x).Gradient), GaussianProblem.Noise(1, 4, 3), GaussianProblem.Noise(2, 4, 3), tolerance: 1e-11).Require();
    }

    [Fact]
    public void Symplectic_Euler_is_not_reversible() => Breaks(
        s => SampleTargets.Quartic(3) is var target && (s.Momentum + H * target.Evaluate(s.Position).Gradient) is var p ? new PhasePoint(s.Position + H * p, p) : s,
        "I-22 reversible under p → −p");

    [Fact]
    public void Explicit_Euler_has_none_of_the_laws() => Breaks(
        s => new PhasePoint(s.Position + H * s.Momentum, s.Momentum + H * SampleTargets.Quartic(3).Evaluate(s.Position).Gradient),
        "I-22 reversible under p → −p", "volume is preserved", "I-22 symplectic");

    [Fact]
    public void A_force_that_is_no_gradient_is_not_symplectic_though_it_keeps_volume() => Breaks(
        Leapfrog(x => SampleTargets.Quartic(3).Evaluate(x).Gradient + x.MatMul(Rotation)), "I-22 symplectic");

    [Fact]
    public void Shapes_and_types_that_do_not_fit_are_named() =>
        Assert.Throws<ArgumentException>(() => IntegratorLaws.Symplectic(s => s, GaussianProblem.Noise(1, 4, 3), GaussianProblem.Noise(2, 4, 2)));

    private static Func<PhasePoint, PhasePoint> Leapfrog(Func<Tensor, Tensor> force) => s =>
    {
        (Tensor q, Tensor p) = (s.Position, s.Momentum);
        for (int i = 0; i < Steps; i++)
        {
            p += (H / 2) * force(q);
            q += H * p;
            p += (H / 2) * force(q);
        }

        return new PhasePoint(q, p);
    };

    private static void Breaks(Func<PhasePoint, PhasePoint> integrate, params string[] laws) => Assert.Equal(
        laws, IntegratorLaws.All(integrate, GaussianProblem.Noise(1, 4, 3), GaussianProblem.Noise(2, 4, 3)).Where(law => !law.Holds).Select(law => law.Law));
}
