using Lae.Composition;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Composition;

/// <summary>Each combinator and tempering kernel is made from options, runs, and is the kernel that it says it is.</summary>
public sealed class CombinatorComponentTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Target Quartic = SampleTargets.Quartic(2);
    private static readonly Tensor Start = GaussianProblem.Noise(3, 4, 2).Abs() + 0.1;
    private static readonly ComponentDescriptor[] Known =
    [
        .. new ServiceCollection().AddLaeKernels().Select(service => service.ImplementationInstance).OfType<ComponentDescriptor>(),
    ];

    private static readonly IKernelFactory Ula = Factory("ULA", new LangevinOptions { StepSize = 0.02 });
    private static readonly IKernelFactory Mala = Factory("MALA", new LangevinOptions { StepSize = 0.2 });
    private static readonly IKernelFactory Hot = Factory("MALA", new LangevinOptions { StepSize = 0.2, Temperature = 3 });
    private static readonly IKernelFactory Moving = new MomentumFactory();

    public static TheoryData<string> Names { get; } =
        ["Compose", "Cycle", "Mixture", "Repeat", "Thin", "Anneal", "Temper", "Precondition", "Reparametrise", "ReplicaExchange", "AnnealedLangevin"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_made_from_options_and_runs(string name)
    {
        foreach (IKernelFactory inner in new[] { Ula, Mala, Moving })
        {
            Tensor draws = Factory(name, Options(name, inner)).Create(Quartic).Accept(new Run());
            Assert.True(draws.AllFinite());
            Assert.NotEqual(draws.Slice(0, 0, 1).ToArray(), draws.Slice(0, 5, 1).ToArray());
        }
    }

    [Fact]
    public void Kernels_of_one_state_share_it_and_others_meet_on_the_position()
    {
        Assert.IsType<Kernel<LangevinState>>(Factory("Compose", new KernelsOptions { Kernels = [Ula, Mala, Hot] }).Create(Quartic));
        Assert.IsType<Kernel<PositionState>>(Factory("Cycle", new KernelsOptions { Kernels = [Ula, Moving] }).Create(Quartic));

        // of one state type, and yet of other variables: they must not share it
        IKernelFactory one = Factory("Reparametrise", new ReparametriseOptions { Kernel = Mala, Map = new ExpOptions() });
        IKernelFactory other = Factory("Precondition", new PreconditionOptions { Kernel = Mala });
        Assert.IsType<Kernel<PositionState>>(Factory("Mixture", new MixtureOptions { Kernels = [one, other] }).Create(Quartic));
    }

    [Fact]
    public void Replicas_of_a_configured_kernel_have_the_temperature_of_their_place_step_for_step()
    {
        IKernel configured = Factory("ReplicaExchange", new ReplicaExchangeOptions { Kernel = Mala, Temperatures = [1, 2, 5] }).Create(Quartic);
        Kernel<ReplicaExchangeState<PositionState>> found = Assert.IsType<Kernel<ReplicaExchangeState<PositionState>>>(configured);
        Kernel<ReplicaExchangeState<PositionState>> expected = ReplicaExchange.Create(
            [1, 2, 5], t => MetropolisLangevin.Create(Quartic, new LangevinSettings(0.2, t)).OnPosition());
        AssertClose(new Run().Visit(expected), new Run().Visit(found));
    }

    [Fact]
    public void A_tempered_kernel_of_a_configuration_reports_the_log_density_of_the_target()
    {
        Kernel<TransformedState<LangevinState>> kernel = Assert.IsType<Kernel<TransformedState<LangevinState>>>(Factory("Temper", new TemperOptions { Kernel = Mala, Temperature = 4 }).Create(Quartic));
        AssertClose(Quartic.Evaluate(Start).LogDensity, kernel.Initialize(Start).LogDensity);
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Factory("Precondition", new PreconditionOptions { Kernel = Mala, Centre = [1, 2, 3] }).Create(Quartic));
        Assert.Throws<ArgumentException>(() => new AffineOptions { Scale = [1, 2, 3] }.Create(Quartic));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExpOptions { Columns = [2] }.Create(Quartic));
        Assert.NotEmpty(new MixtureOptions { Kernels = [Mala, Ula], Weights = [1] }.Validate(new(new object())));
        Assert.Empty(new MixtureOptions { Kernels = [Mala, Ula], Weights = [1, 3] }.Validate(new(new object())));
        Assert.NotEmpty(new AnnealOptions { Kernels = [Mala, Ula, Hot], Transitions = [1, 2] }.Validate(new(new object())));
        Assert.NotEmpty(new ReplicaExchangeOptions { Kernel = Mala, Temperatures = [1, 3, 2] }.Validate(new(new object())));
        Assert.Throws<ArgumentException>(() => Factory("Cycle", new KernelsOptions { Kernels = [Factory("ReplicaExchange", Options("ReplicaExchange", Mala)), Mala] }).Create(Quartic));
    }

    [Fact]
    public void Changes_of_variables_are_made_from_options()
    {
        Bijection map = new BijectionCompositionOptions { Maps = [new AffineOptions { Shift = [1, 2], Scale = [2, 0.5, 0, 1] }, new ExpOptions { Columns = [1] }] }.Create(Quartic);
        Assert.Equal([1 + (2 * 3) + (0.5 * 4), Math.Exp(6)], map.Forward(Tensor.FromArray([3.0, 4], 1, 2)).ToArray());
        Assert.Equal([0.5 * 3, 0.5 * 4], new AffineOptions { Scale = [0.5] }.Create(Quartic).Forward(Tensor.FromArray([3.0, 4], 1, 2)).ToArray());
        Assert.Equal(["Affine", "Composition", "Exp"], Known.Where(c => c.Contract == typeof(IBijectionFactory)).Select(c => c.Name).Order());
    }

    private static object Options(string name, IKernelFactory inner) => name switch
    {
        "Compose" or "Cycle" => new KernelsOptions { Kernels = [inner, Mala, inner] },
        "Mixture" => new MixtureOptions { Kernels = [inner, Mala], Weights = [1, 2] },
        "Repeat" or "Thin" => new RepetitionOptions { Kernel = inner, Count = 3 },
        "Anneal" => new AnnealOptions { Kernels = [Hot, inner], Transitions = [2] },
        "Temper" => new TemperOptions { Kernel = inner, Temperature = 2 },
        "Precondition" => new PreconditionOptions { Kernel = inner, Preconditioner = Preconditioner.Diagonal(Tensor.FromArray([0.5, 2])), Centre = [0.5, 0] },
        "Reparametrise" => new ReparametriseOptions { Kernel = inner, Map = new BijectionCompositionOptions { Maps = [new AffineOptions { Scale = [0.1] }, new ExpOptions()] } },
        "ReplicaExchange" => new ReplicaExchangeOptions { Kernel = inner, Temperatures = [1, 2, 5] },
        _ => new AnnealedLangevinOptions { StepSize = 0.02, Temperatures = [3, 1], Transitions = 2 },
    };

    private static IKernelFactory Factory(string name, object options) =>
        (IKernelFactory)Known.Single(component => component.Contract == typeof(IKernelFactory) && component.Name == name).Create(options);

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-10 * (1 + Math.Abs(pair.First))));

    /// <summary>The positions of six transitions.</summary>
    private sealed class Run : IKernelVisitor<Tensor>
    {
        public Tensor Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => ChainRunner.Run(kernel, RunState.Start(kernel, Start, Key), new RunOptions(6)).Positions();
    }

    /// <summary>A kernel with momentum: half a leapfrog, a momentum drawn at the start.</summary>
    private sealed class MomentumFactory : IKernelFactory
    {
        public IKernel Create(Target target) => new Kernel<UnderdampedState>(
            "moving",
            target.Dimension,
            target.DType,
            x => UnderdampedState.At(target, x),
            state => UnderdampedState.At(target, state.Position, state.Momentum),
            _ => new Noise(TensorTree.Empty),
            (_, state) => new Transition<UnderdampedState>(
                UnderdampedState.At(target, state.Position + (0.05 * (state.Momentum + (0.05 * state.Gradient))), state.Momentum + (0.05 * state.Gradient)), StepInfo.Unadjusted),
            (source, state) => state with { Momentum = source.Normal(0, target.Dimension, target.DType) });
    }
}
