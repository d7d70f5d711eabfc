using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Stochastic-gradient dynamics with one bug each, which the laws must see; among them those that trusted libraries have shipped.</summary>
public static class StochasticMutants
{
    public enum LangevinBug
    {
        None,
        NoiseSqrtH,
        NoiseSqrtTwoTimesH,
        NoiseTimes102,
        TemperatureUnrooted,
        TemperatureMissing,
        GradientDoubled,

        /// <summary>posteriors: h (2 − hV) T, as if the gradient's own noise were tempered.</summary>
        GradientNoiseTimesTemperature,

        /// <summary>The other reading of its documentation: h T (2 − T h V).</summary>
        GradientNoiseTimesTemperatureSquared,

        /// <summary>Half of the noise taken off.</summary>
        GradientNoiseHalved,
    }

    public enum HamiltonianBug
    {
        None,

        /// <summary>posteriors, Turing: both updates from the old state.</summary>
        ExplicitOrder,
        TemperatureMissing,
        NoiseWithoutTwo,
        FrictionHalved,
        FrictionAfterKick,
        GradientNoiseForgotten,
        MassForgottenInDrift,
        MassForgottenInNoise,
    }

    public enum ThermostatBug
    {
        None,

        /// <summary>SGMCMCJax: |p| for |p|².</summary>
        AbsoluteForSquare,
        DimensionForgotten,
        TemperatureMissing,
        MassForgotten,

        /// <summary>SGMCMCJax: the new position is computed and the old one returned.</summary>
        ConstantChain,
        FrictionHalved,
        NoiseOfFrictionAtZero,
        BothKicksAtTheFirstGradient,
        FullDrifts,
    }

    /// <summary>SGLD in one dimension or more, V a multiple v of the identity.</summary>
    public static StochasticDynamics Langevin(double temperature, double v, LangevinBug bug) => new LangevinMutant(temperature, v, bug);

    public static StochasticDynamics Hamiltonian(double friction, double temperature, double gradientNoise, MassMatrix mass, HamiltonianBug bug) =>
        new HamiltonianMutant(friction, temperature, gradientNoise, mass, bug);

    public static StochasticDynamics Badodab(ThermostatSettings settings, ThermostatBug bug) => new BadodabMutant(settings, bug);

    public static StochasticDynamics NoseHoover(ThermostatSettings settings, ThermostatBug bug) => new NoseHooverMutant(settings, bug);

    /// <summary>
    /// A kernel that draws a fresh momentum and makes L steps of SGHMC as one transition, drift first as in SGMCMCJax and blackjax or kick first; both ignore the temperature. Its noise is the momentum and L normals beside each other.
    /// </summary>
    public static Kernel<LangevinState> FreshMomentum(Target target, double h, double friction, int length, bool driftFirst)
    {
        int d = target.Dimension;
        return new Kernel<LangevinState>("SGHMC, fresh momentum", d, target.DType, x => LangevinState.At(target, x), s => LangevinState.At(target, s.Position), Draw, Advance);

        Noise Draw(NoiseSource source) => new(TensorTree.Of(("xi", source.Normal(0, d * (length + 1), target.DType))));

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            Tensor x = state.Position;
            Tensor p = noise[0].Slice(1, 0, d);
            for (int i = 1; i <= length; i++)
            {
                Tensor xi = noise[0].Slice(1, i * d, d);
                x = driftFirst ? x + (h * p) : x;
                p = (p * (1 - (h * friction))) + (h * target.Evaluate(x).Gradient) + (Math.Sqrt(2 * h * friction) * xi);
                x = driftFirst ? x : x + (h * p);
            }

            return new Transition<LangevinState>(LangevinState.At(target, x), new StepInfo(length));
        }
    }

    private sealed class LangevinMutant(double temperature, double v, LangevinBug bug) : StochasticDynamics
    {
        public override string Name => $"SGLD with {bug}";

        public override StochasticMove Advance(StochasticStep input)
        {
            double h = input.StepSize;
            double t = temperature;
            double variance = bug switch
            {
                LangevinBug.NoiseSqrtH => h * t,
                LangevinBug.NoiseSqrtTwoTimesH => 2 * h * h * t,
                LangevinBug.NoiseTimes102 => 1.02 * 1.02 * 2 * h * t,
                LangevinBug.TemperatureUnrooted => 2 * h * t * t,
                LangevinBug.TemperatureMissing => 2 * h,
                LangevinBug.GradientNoiseTimesTemperature => h * (2 - (h * v)) * t,
                LangevinBug.GradientNoiseTimesTemperatureSquared => h * t * (2 - (t * h * v)),
                LangevinBug.GradientNoiseHalved => (2 * h * t) - (h * h * v / 2),
                _ => (2 * h * t) - (h * h * v),
            };
            double drift = bug == LangevinBug.GradientDoubled ? 2 * h : h;
            return new StochasticMove(input.Position + (drift * input.Gradient) + (Math.Sqrt(variance) * input.Xi), []);
        }
    }

    private sealed class HamiltonianMutant(double friction, double temperature, double gradientNoise, MassMatrix mass, HamiltonianBug bug) : StochasticDynamics
    {
        public override string Name => $"SGHMC with {bug}";

        public override ImmutableArray<StateLeaf> Leaves { get; } = [new("momentum", LeafRole.Coordinate)];

        public override ImmutableArray<Tensor> Start(Tensor position, Tensor gradient, int data) => [position * 0];

        public override StochasticMove Advance(StochasticStep input)
        {
            double h = input.StepSize;
            double alpha = bug == HamiltonianBug.FrictionHalved ? friction / 2 : friction;
            double strength = (bug == HamiltonianBug.FrictionHalved ? alpha : friction) * (bug == HamiltonianBug.TemperatureMissing ? 1 : temperature);
            strength -= bug == HamiltonianBug.GradientNoiseForgotten ? 0 : gradientNoise;
            double deviation = Math.Sqrt((bug == HamiltonianBug.NoiseWithoutTwo ? 1 : 2) * h * strength);
            Tensor p = input.Leaves[0];
            Tensor x = input.Position + (h * (bug == HamiltonianBug.MassForgottenInDrift ? p : mass.Velocity(p)));
            Tensor there = input.GradientAt(x);
            Tensor gradient = bug == HamiltonianBug.ExplicitOrder ? input.Gradient : there;
            Tensor noise = deviation * (bug == HamiltonianBug.MassForgottenInNoise ? input.Xi : mass.ApplyRoot(input.Xi));
            Tensor kicked = bug == HamiltonianBug.FrictionAfterKick
                ? (p + (h * gradient)) * (1 - (h * alpha))
                : (p * (1 - (h * alpha))) + (h * gradient);
            return new StochasticMove(x, [kicked + noise]);
        }
    }

    private sealed class NoseHooverMutant(ThermostatSettings settings, ThermostatBug bug) : StochasticDynamics
    {
        public override string Name => $"SGNHT with {bug}";

        public override ImmutableArray<StateLeaf> Leaves { get; } = [new("momentum", LeafRole.Coordinate), new("thermostat", LeafRole.Held)];

        public override ImmutableArray<Tensor> Start(Tensor position, Tensor gradient, int data) => new StochasticGradientNoseHoover(settings).Start(position, gradient, data);

        public override StochasticMove Advance(StochasticStep input)
        {
            double h = input.StepSize;
            Tensor zeta = input.Leaves[1] * (bug == ThermostatBug.FrictionHalved ? 0.5 : 1);
            double temperature = bug == ThermostatBug.TemperatureMissing ? 1 : settings.Temperature;
            Tensor p = (input.Leaves[0] * (1 - (h * zeta)).Reshape(zeta.Count, 1)) + (h * input.Gradient) + (Math.Sqrt(2 * h * settings.Friction * temperature) * settings.Mass.ApplyRoot(input.Xi));
            Tensor x = input.Position + (h * settings.Mass.Velocity(p));
            return new StochasticMove(bug == ThermostatBug.ConstantChain ? input.Position : x, [p, Thermostatted(settings, bug, h, input.Leaves[1], p)]);
        }
    }

    private sealed class BadodabMutant(ThermostatSettings settings, ThermostatBug bug) : StochasticDynamics
    {
        public override string Name => $"BADODAB with {bug}";

        public override ImmutableArray<StateLeaf> Leaves { get; } = [new("momentum", LeafRole.Coordinate), new("thermostat", LeafRole.Held)];

        public override ImmutableArray<Tensor> Start(Tensor position, Tensor gradient, int data) => new Badodab(settings).Start(position, gradient, data);

        public override StochasticMove Advance(StochasticStep input)
        {
            double h = input.StepSize;
            double drift = bug == ThermostatBug.FullDrifts ? h : h / 2;
            Tensor p = input.Leaves[0] + (h / 2 * input.Gradient);
            Tensor x = input.Position + (drift * settings.Mass.Velocity(p));
            Tensor zeta = Thermostatted(settings, bug, h / 2, input.Leaves[1], p);
            Tensor friction = zeta * (bug == ThermostatBug.FrictionHalved ? 0.5 : 1);
            Tensor shrink = (-h * friction).Exp().Reshape(zeta.Count, 1);
            double temperature = bug == ThermostatBug.TemperatureMissing ? 1 : settings.Temperature;
            Tensor variance = bug == ThermostatBug.NoiseOfFrictionAtZero
                ? (shrink * 0) + (2 * h * settings.Friction * temperature)
                : (1 - shrink.Square()) / friction.Reshape(zeta.Count, 1) * (settings.Friction * temperature);
            p = (shrink * p) + (variance.Sqrt() * settings.Mass.ApplyRoot(input.Xi));
            zeta = Thermostatted(settings, bug, h / 2, zeta, p);
            x += drift * settings.Mass.Velocity(p);
            Tensor there = input.GradientAt(x);
            p += h / 2 * (bug == ThermostatBug.BothKicksAtTheFirstGradient ? input.Gradient : there);
            return new StochasticMove(bug == ThermostatBug.ConstantChain ? input.Position : x, [p, zeta]);
        }
    }

    private static Tensor Thermostatted(ThermostatSettings settings, ThermostatBug bug, double t, Tensor zeta, Tensor p)
    {
        int d = p.Shape[1];
        Tensor kinetic = bug switch
        {
            ThermostatBug.AbsoluteForSquare => (p * settings.Mass.Velocity(p)).Abs().Sqrt().Sum(1),
            ThermostatBug.MassForgotten => p.Square().Sum(1),
            _ => (p * settings.Mass.Velocity(p)).Sum(1),
        };
        double expected = (bug == ThermostatBug.DimensionForgotten ? 1 : d) * (bug == ThermostatBug.TemperatureMissing ? 1 : settings.Temperature);
        return zeta + (t / (settings.ThermalMass ?? d) * (kinetic - expected));
    }
}
