using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels.Mutants;
using Lae.Tests.Laws;

namespace Lae.Tests.Kernels;

/// <summary>R-1 to R-11 for every dynamics with every estimator, by schedules that change at every transition.</summary>
public sealed class StochasticRunnerTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Tensor Position = GaussianProblem.Noise(3, 5, 3);
    private static readonly IEngine[] Engines = [.. new[] { 1, 2, 8 }.Select(threads => new ManagedEngine(threads, ManagedEngine.WidestRegister, isEager: true))];

    public static TheoryData<string> Names { get; } = ["SGLD", "SGLD with known noise", "pSGLD", "pSGLD with gamma", "SGHMC", "SGNHT", "BADODAB"];

    [Theory]
    [MemberData(nameof(Names))]
    [Proves("R-1", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-2", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-3", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-4", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-5", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-6", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-7", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-8", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-9", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-10", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    [Proves("R-11", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void Every_law_holds_with_the_full_gradient(string name) => Assert.All(
        RunnerLaws.All(
            target => StochasticGradient.Create(target, Dynamics(name), new FullGradient(), new PolynomialSchedule(0.05)), SampleTargets.Quartic(3), Position, Key, name == "pSGLD with gamma" ? 7 : 1, Engines),
        law => law.Require());

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_law_holds_with_minibatches(string name) => AllHold(Dynamics(name), new MinibatchGradient(4), Position);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_law_holds_with_variance_reduced_gradients(string name) => AllHold(Dynamics(name), new VarianceReducedGradient(4, 3), Position);

    [Theory]
    [InlineData("SGLD")]
    [InlineData("BADODAB")]
    public void Every_law_holds_with_control_variates_and_with_replacement(string name)
    {
        AllHold(Dynamics(name), new ControlVariateGradient(Tensor.FromArray([0.1, 0.2, -0.3]), 4), Position);
        AllHold(Dynamics(name), new MinibatchGradient(40, withReplacement: true), Position);
    }

    [Theory]
    [InlineData("SGLD")]
    [InlineData("pSGLD with gamma")]
    [InlineData("SGHMC")]
    [InlineData("SGNHT")]
    [InlineData("BADODAB")]
    public void Every_law_holds_in_single_precision(string name)
    {
        DataTarget posterior = SamplePosteriors.Logistic(30, 3, 5, dtype: DType.Float32);
        Tensor position = Position.Cast(DType.Float32);
        foreach (IGradientEstimator estimator in (IGradientEstimator[])[new FullGradient(), new MinibatchGradient(4), new VarianceReducedGradient(4, 3)])
        {
            Kernel<StochasticState> kernel = StochasticGradient.Create(posterior, Dynamics(name, masses: false), estimator, new CyclicalSchedule(0.02, 8, 2));
            Assert.All(RunnerLaws.All(kernel, position, Key, Engines), law => law.Require());
        }
    }

    [Fact]
    [Proves("R-12", "SGLD", "pSGLD", "SGHMC", "SGNHT", "BADODAB")]
    public void R2_R12_step_sizes_go_on_with_the_number_of_the_transition()
    {
        // with no noise and a constant gradient every move is the step size itself
        Target slope = Target.FromGradient(1, x => new LogDensityAndGradient(x.Sum(1), (x * 0) + 1));
        CyclicalSchedule schedule = new(0.5, 10, 3);
        Kernel<StochasticState> kernel = StochasticGradient.Create(slope, new StochasticGradientLangevin(0), new FullGradient(), schedule);
        RunResult<StochasticState> first = ChainRunner.Run(kernel, RunState.Start(kernel, Tensor.Zeros(new Shape(1, 1), DType.Float64), Key), new RunOptions(5));
        double[] second = [.. first.Positions().ToArray(), .. ChainRunner.Run(kernel, first.Final, new RunOptions(6)).Positions().ToArray()];
        double at = 0;
        for (int k = 0; k < 11; k++)
        {
            Assert.Equal(schedule.At(k), second[k] - at, 1e-15);
            at = second[k];
        }
    }

    [Fact]
    public void R2_sees_a_schedule_that_counts_for_itself()
    {
        Kernel<StochasticState> kernel = StochasticGradient.Create(SampleTargets.Quartic(3), new StochasticGradientLangevin(), new FullGradient(), new CountsForItself());
        Assert.False(RunnerLaws.SameSeed(kernel, Position, Key).Holds);
        Assert.False(RunnerLaws.Continuation(kernel, Position, Key).Holds);
    }

    [Fact]
    public void R5_and_R6_see_a_batch_that_chains_share()
    {
        Kernel<StochasticState> kernel = StochasticGradient.Create(
            SamplePosteriors.Logistic(30, 3, 5), new StochasticGradientLangevin(), EstimatorMutants.Minibatch(4, EstimatorMutants.Bug.SharedByChains), new ConstantSchedule(0.02));
        Assert.False(RunnerLaws.ChainIndependence(kernel, Position, Key).Holds);
        Assert.False(RunnerLaws.OneAtATime(kernel, Position, Key).Holds);
    }

    [Fact]
    public void Leaves_have_names_and_a_missing_one_is_told()
    {
        Kernel<StochasticState> kernel = StochasticGradient.Create(
            SamplePosteriors.Logistic(30, 3, 5), Dynamics("BADODAB"), new VarianceReducedGradient(4, 3), new ConstantSchedule(0.02));
        StochasticState state = kernel.Initialize(Position);
        Assert.Equal(
            ["position", "momentum", "thermostat", "indices", "anchor", "anchorLogLikelihood", "anchorGradient", "logDensity", "gradient"], state.Layout.Select(leaf => leaf.Name));
        Assert.Same(state.Gradient, state["gradient"]);
        Assert.Same(state.Leaf(3), state["indices"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => state.Leaf(9));
        Assert.Contains("there are position, momentum", Assert.Throws<KeyNotFoundException>(() => state["velocity"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dynamics_that_asks_twice_for_its_new_gradient_is_told()
    {
        Kernel<StochasticState> kernel = StochasticGradient.Create(SampleTargets.Quartic(3), new AsksTwice(), new FullGradient(), new ConstantSchedule(0.02));
        Assert.Throws<InvalidOperationException>(() => kernel.Transition(new NoiseSource(Key, 0, Chains.Range(5), Workspace.Default), kernel.Initialize(Position)));
    }

    private static void AllHold(StochasticDynamics dynamics, IGradientEstimator estimator, Tensor position)
    {
        CyclicalSchedule schedule = new(0.02, 8, 2);
        Kernel<StochasticState> kernel = StochasticGradient.Create(SamplePosteriors.Logistic(30, 3, 5), dynamics, estimator, schedule);
        Assert.All(RunnerLaws.All(kernel, position, Key, Engines), law => law.Require());
        Kernel<StochasticState> Of(Target target) => StochasticGradient.Create(SamplePosteriors.OfEqualData(target, 30), dynamics, estimator, schedule);
        RunnerLaws.NonFiniteStart(Of, SampleTargets.Quartic(3), position, Key).Require();
        RunnerLaws.NonFiniteStep(Of, SampleTargets.Quartic(3), position, Key).Require();
    }

    private static StochasticDynamics Dynamics(string name, bool masses = true)
    {
        MassMatrix mass = masses ? MassMatrix.Diagonal(Tensor.FromArray([0.7, 1.3, 2])) : MassMatrix.Identity;
        return name switch
        {
            "SGLD" => new StochasticGradientLangevin(1.6, masses ? Preconditioner.Diagonal(Tensor.FromArray([0.7, 1.3, 2])) : null),
            "SGLD with known noise" => new StochasticGradientLangevin(1.6, Preconditioner.Diagonal(Tensor.FromArray([0.7, 1.3, 2])), 0.3 * Tensor.Identity(3, DType.Float64)),
            "pSGLD" => new PreconditionedStochasticGradientLangevin(1.6, 0.8, 0.1),
            "pSGLD with gamma" => new PreconditionedStochasticGradientLangevin(1.6, 0.8, 0.1, includesGamma: true),
            "SGHMC" => new StochasticGradientHamiltonian(0.7, 1.6, 0.2, mass),
            "SGNHT" => new StochasticGradientNoseHoover(new ThermostatSettings(0.7, 1.6, mass: mass)),
            _ => new Badodab(new ThermostatSettings(0.7, 1.6, 2, mass)),
        };
    }

    private sealed class CountsForItself : IStepSchedule
    {
        private int calls;

        public double Largest => 0.02;

        public double At(long transition) => 0.02 / (1 + calls++);
    }

    private sealed class AsksTwice : StochasticDynamics
    {
        public override string Name => "asks twice";

        public override StochasticMove Advance(StochasticStep input)
        {
            input.GradientAt(input.Position);
            input.GradientAt(input.Position);
            return new StochasticMove(input.Position, []);
        }
    }
}
