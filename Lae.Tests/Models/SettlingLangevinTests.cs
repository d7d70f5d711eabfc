using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Models;

/// <summary>The one loop of posterior chains: what it shows and when, a step size that is held or found and then frozen, states that are not finite.</summary>
public sealed class SettlingLangevinTests
{
    private const double Precision = 400;

    private static readonly LatentDensity Normal = new(3, 2, DType.Float64, z => new LogDensityAndGradient(Reductions.DotRows(z, z) * (-Precision / 2), z * -Precision));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 4)]
    [InlineData(5, 0)]
    [InlineData(5, 4)]
    public void Every_state_after_the_search_is_shown_once(int search, int transitions)
    {
        List<long> shown = [];
        SettledRun run = SettlingLangevin.Run(RandomKey.FromSeed(1), Normal, Start(), new StepSizeSearch(0.001, search), transitions, (t, _) => shown.Add(t));
        Assert.Equal(Enumerable.Range(0, transitions + 1).Select(t => (long)t), shown);
        Assert.Equal(search == 0, run.StepSize == 0.001);
        Assert.Equal(transitions == 0, run.Acceptance == 1);
    }

    [Fact]
    public void The_kernel_after_the_search_is_the_one_with_the_step_size_that_was_found()
    {
        // the same key goes on counting transitions, so the states are those of the kernel at the frozen step size from the state that the search left
        const int Search = 30;
        List<double[]> states = [];
        SettledRun run = SettlingLangevin.Run(RandomKey.FromSeed(2), Normal, Start(), new StepSizeSearch(Transitions: Search), 3, (_, state) => states.Add(state.Position.ToArray()));
        Target target = Target.FromGradient(2, Normal.Evaluate);
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(run.StepSize));
        LangevinState current = LangevinState.At(target, Tensor.FromSpan<double>(Workspace.Pooled(), states[0], new Shape(3, 2)));
        for (int t = 1; t <= 3; t++)
        {
            current = kernel.Transition(new NoiseSource(RandomKey.FromSeed(2), Search + t - 1, Chains.Range(3), current.Position.Workspace), current).State;
            Assert.Equal(current.Position.ToArray(), states[t]);
        }
    }

    [Fact]
    public void The_search_finds_the_acceptance_that_it_aims_at()
    {
        SettledRun run = SettlingLangevin.Run(RandomKey.FromSeed(3), Normal, Tensor.Zeros(new Shape(300, 2), DType.Float64, Workspace.Pooled()), new StepSizeSearch(), 50, (_, _) => { });
        Assert.InRange(run.Acceptance, 0.5, 0.65);
        Assert.InRange(run.StepSize, 0.1 / Precision, 10 / Precision);
    }

    [Fact]
    public void Without_a_test_the_step_size_stays_and_a_state_that_runs_away_is_refused()
    {
        SettledRun run = SettlingLangevin.Run(RandomKey.FromSeed(4), Normal, Start(), new StepSizeSearch(0.001), 4, (_, _) => { }, metropolis: false);
        Assert.Equal((0.001, 1), (run.StepSize, run.Acceptance));
        NonFiniteStateException thrown = Assert.Throws<NonFiniteStateException>(() =>
            SettlingLangevin.Run(RandomKey.FromSeed(4), Normal, Start(), StepSizeSearch.Held(1), 400, (_, _) => { }, metropolis: false));
        Assert.Contains("the latent", thrown.Message, StringComparison.Ordinal);
    }

    private static Tensor Start() => Tensor.Full(0.05, new Shape(3, 2), DType.Float64, Workspace.Pooled());
}
