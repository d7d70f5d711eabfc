using Lae.Kernels;
using Lae.Laws;
using Lae.Tests.Laws;
using static Lae.Tests.Kernels.Mutants.StochasticMutants;

namespace Lae.Tests.Kernels;

/// <summary>The public laws in one line, as anyone would put them to dynamics of their own: the right ones pass, SGHMC in the explicit order does not.</summary>
public sealed class StochasticKernelLawsTests
{
    [Theory]
    [InlineData("SGLD", 1)]
    [InlineData("pSGLD", 1)]
    [InlineData("SGHMC", 2)]
    [InlineData("SGNHT", 2)]
    [InlineData("BADODAB", 2)]
    [Proves("I-8", "pSGLD")]
    [Proves("I-34", "SGHMC", "SGNHT")]
    public void Every_dynamics_passes_with_the_full_gradient(string name, int order) => Assert.All(Laws(Dynamics(name), order, isIsotropic: name != "pSGLD"), law => law.Require());

    [Fact]
    public void The_explicit_order_does_not_pass_as_one_of_second_order() =>
        Assert.Contains(Laws(Hamiltonian(0.9, 1.7, 0, MassMatrix.Identity, HamiltonianBug.ExplicitOrder), 2), law => !law.Holds);

    private static IReadOnlyList<LawResult> Laws(StochasticDynamics dynamics, int order, bool isIsotropic = true) => KernelLaws.Unadjusted(
        (target, h) => StochasticGradient.Create(target, dynamics, new FullGradient(), new ConstantSchedule(h)),
        stepSize: 0.1,
        new KernelLawSettings { Temperature = 1.7, Order = order, IsIsotropic = isIsotropic });

    private static StochasticDynamics Dynamics(string name) => name switch
    {
        "SGLD" => new StochasticGradientLangevin(1.7),
        "pSGLD" => new PreconditionedStochasticGradientLangevin(1.7, 0.9, 0.5),
        "SGHMC" => new StochasticGradientHamiltonian(0.9, 1.7),
        "SGNHT" => new StochasticGradientNoseHoover(new ThermostatSettings(0.9, 1.7)),
        _ => new Badodab(new ThermostatSettings(0.9, 1.7, double.PositiveInfinity)),
    };
}
