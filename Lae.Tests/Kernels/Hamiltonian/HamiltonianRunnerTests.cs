using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;

namespace Lae.Tests.Kernels;

/// <summary>The runner laws of the Hamiltonian kernels, in both precisions and through differentiation; and bugs of the kinds that these laws were widened for.</summary>
public sealed class HamiltonianRunnerTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Tensor Position = GaussianProblem.Noise(3, 5, 3);

    private static IReadOnlyList<IEngine> Engines { get; } =
        [.. new[] { 1, 2, 8 }.Select(threads => new ManagedEngine(threads, ManagedEngine.WidestRegister, isEager: true))];

    public static TheoryData<string> Kernels { get; } = ["HMC", "HMC two-stage", "GHMC", "MALT", "NUTS"];

    [Theory]
    [MemberData(nameof(Kernels))]
    [Proves("R-1", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-2", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-3", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-4", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-5", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-6", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-7", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-8", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-9", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-10", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    [Proves("R-11", "HMC", "HMC two-stage", "GHMC", "MALT", "NUTS")]
    public void Every_law_holds_in_double_precision(string name) =>
        AllHold(name, MassMatrix.Dense(GaussianProblem.ToTensor(GaussianProblem.Positive(3, 0.5, 2, 9))), SampleTargets.Quartic(3), Position);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_law_holds_in_single_precision(string name) => AllHold(
        name, MassMatrix.Diagonal(Tensor.FromArray([0.5f, 1, 2])), GaussianTarget.Diagonal(Tensor.FromArray([0.5f, 1, -1]), Tensor.FromArray([1f, 2, 5])), Position.Cast(DType.Float32));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_law_holds_through_differentiation(string name) => AllHold(name, MassMatrix.Identity, SampleTargets.Funnel(3), Position);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void R7_holds_where_the_engine_divides_the_work_of_itself(string name)
    {
        Target target = GaussianTarget.Dense(Tensor.Zeros(new Shape(64), DType.Float64), GaussianProblem.ToTensor(GaussianProblem.Positive(64, 0.5, 5, 1)));
        new Threads([new ManagedEngine(1), new ManagedEngine(2), new ManagedEngine(8)], GaussianProblem.Noise(4, 256, 64)).Of(Create(name, MassMatrix.Identity)(target)).Require();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void R9_sees_a_rejected_momentum_that_comes_of_the_proposal(bool adds)
    {
        // keeps (or adds) where the momentum of the proposal was finite, as it is when the log density alone is not
        Func<Target, Kernel<UnderdampedState>> wrong = target =>
        {
            HamiltonianSettings settings = new(0.1, 1, 1.6);
            Kernel<UnderdampedState> correct = GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(settings, 1));
            return new Kernel<UnderdampedState>(
                "keeps the proposal's momentum", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance, correct.Thermalize);

            Transition<UnderdampedState> Advance(Noise noise, UnderdampedState state)
            {
                Transition<UnderdampedState> next = correct.Advance(noise, state);
                Tensor proposed = Leapfrog.Advance(target, settings.Mass, settings.StepSize, state).Momentum;
                Tensor usable = next.Info.Divergent! * proposed.IsFinite().Sum(1).ScaleShift(1.0 / 3, 0).IsFinite();
                Tensor kept = Elementwise.Choose(proposed.IsFinite(), proposed, next.State.Momentum);
                return next with { State = next.State with { Momentum = Elementwise.Choose(usable, adds ? next.State.Momentum + (1e-9 * kept) : kept, next.State.Momentum) } };
            }
        };
        LawResult law = RunnerLaws.NonFiniteProposal(wrong, SampleTargets.Quartic(3), Position, Key);
        Assert.False(law.Holds);
        Assert.Contains("momentum", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void R9_sees_a_position_that_a_rejection_changes()
    {
        Func<Target, Kernel<UnderdampedState>> wrong = target =>
        {
            Kernel<UnderdampedState> correct = GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(new HamiltonianSettings(0.1, 1), 1));
            return new Kernel<UnderdampedState>(
                "moves all the same",
                target.Dimension,
                target.DType,
                correct.Initialize,
                correct.Refresh,
                correct.DrawNoise,
                (noise, state) => correct.Advance(noise, state) is var next
                    ? next with { State = next.State with { Position = next.State.Position + (1e-3 * next.Info.Divergent!.Reshape(Position.Shape[0], 1)) } }
                    : next,
                correct.Thermalize);
        };
        Assert.Contains("the leaf position is not the old one", RunnerLaws.NonFiniteProposal(wrong, SampleTargets.Quartic(3), Position, Key).Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leapfrogs", 1)]
    [InlineData("count", 1)]
    public void R8_sees_a_false_count_of_a_sampler_whose_chains_cost_differently(string what, int by)
    {
        Func<Target, Kernel<LangevinState>> wrong = target =>
        {
            Kernel<LangevinState> correct = NoUTurn.Create(target, new NoUTurnSettings(0.2));
            return new Kernel<LangevinState>("counts wrongly", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance);

            Transition<LangevinState> Advance(Noise noise, LangevinState state)
            {
                Transition<LangevinState> next = correct.Advance(noise, state);
                StepInfo info = next.Info;
                return next with
                {
                    Info = what == "count"
                        ? info with { GradientCount = info.GradientCount + by }
                        : info with { Extras = info.Extras!.With("leapfrogs", info.Extras["leapfrogs"] + by), GradientCount = info.GradientCount + by },
                };
            }
        };
        Assert.False(RunnerLaws.VariableGradientCount(wrong, SampleTargets.Quartic(3), Position, Key).Holds);
        RunnerLaws.VariableGradientCount(target => NoUTurn.Create(target, new NoUTurnSettings(0.2)), SampleTargets.Quartic(3), Position, Key).Require();
    }

    [Fact]
    public void R9_sees_a_sampler_that_gathers_its_chains_and_hides_a_divergence()
    {
        Func<Target, Kernel<LangevinState>> wrong = target =>
        {
            Kernel<LangevinState> correct = NoUTurn.Create(target, new NoUTurnSettings(0.2));
            return new Kernel<LangevinState>(
                "hides it", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise,
                (noise, state) => correct.Advance(noise, state) is var next ? next with { Info = next.Info with { Divergent = next.Info.Divergent! * 0 } } : next);
        };
        Assert.Contains("Divergent does not count it", RunnerLaws.NonFiniteProposal(wrong, SampleTargets.Quartic(3), Position, Key).Explanation, StringComparison.Ordinal);
    }

    private static void AllHold(string name, MassMatrix mass, Target target, Tensor position)
    {
        IReadOnlyList<LawResult> results = name == "GHMC"
            ? RunnerLaws.All(t => GeneralizedHamiltonian.Create(t, new LangevinTrajectorySettings(Settings(mass), 0.8)), target, position, Key, 3, Engines)
            : RunnerLaws.All(t => Positional(name, mass, t), target, position, Key, name == "HMC two-stage" ? 6 : 3, Engines);
        Assert.All(results, law => law.Require());
    }

    private static HamiltonianSettings Settings(MassMatrix mass, Integrator? integrator = null) => new(0.12, 3, 1.6, mass, integrator);

    private static Func<Target, IKernel> Create(string name, MassMatrix mass) => target => name == "GHMC"
        ? GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(Settings(mass), 0.8))
        : Positional(name, mass, target);

    private static Kernel<LangevinState> Positional(string name, MassMatrix mass, Target target) => name switch
    {
        "HMC" => HamiltonianMonteCarlo.Create(target, Settings(mass)),
        "HMC two-stage" => HamiltonianMonteCarlo.Create(target, Settings(mass, TwoStage.Integrator)),
        "MALT" => MetropolisLangevinTrajectories.Create(target, new LangevinTrajectorySettings(Settings(mass), 0.8)),
        _ => NoUTurn.Create(target, new NoUTurnSettings(0.2, 5, 1.6, mass)),
    };

    private sealed class Threads(IReadOnlyList<IEngine> engines, Tensor position) : IKernelVisitor<LawResult>
    {
        public LawResult Of(IKernel kernel) => kernel.Accept(this);

        public LawResult Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => RunnerLaws.ThreadIndependence(kernel, position, Key, engines);
    }
}
