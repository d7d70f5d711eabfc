using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>The algebra of combinators: neutral element, associativity, thinning of thinning; and what they do to an affine step and to an invariant law.</summary>
public sealed class CombinatorLawTests
{
    private const int Chains = 5;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Target Quartic = SampleTargets.Quartic(3);
    private static readonly Kernel<LangevinState> A = MetropolisLangevin.Create(Quartic, new LangevinSettings(0.3, 1.7));
    private static readonly Kernel<LangevinState> B = UnadjustedLangevin.Create(Quartic, new LangevinSettings(0.05, 1.7));
    private static readonly Kernel<LangevinState> C = MetropolisLangevin.Create(Quartic, new LangevinSettings(0.8, 1.7));
    private static readonly Tensor Start = GaussianProblem.Noise(3, Chains, 3);

    [Fact]
    public void Composition_with_the_identity_changes_nothing_for_given_noise() => Generated.ForAll(Cases, c =>
    {
        Kernel<LangevinState> none = Combinators.Identity(A);
        Noise noise = A.DrawNoise(Source(c));
        Noise nothing = none.DrawNoise(Source(c));
        Transition<LangevinState> alone = A.Advance(noise, State(c));
        AssertSame(alone, Combinators.Compose(A, none).Advance(new Noise(TensorTree.Empty, [noise, nothing]), State(c)));
        AssertSame(alone, Combinators.Compose(none, A).Advance(new Noise(TensorTree.Empty, [nothing, noise]), State(c)));
        AssertSame(alone, Combinators.Compose([A]).Advance(new Noise(TensorTree.Empty, [noise]), State(c)));
        Assert.Same(A, Combinators.Cycle([A]));
        Assert.Equal(State(c).Position.ToArray(), none.Transition(Source(c), State(c)).State.Position.ToArray());
    });

    [Fact]
    public void Composition_is_associative_bit_for_bit_for_given_noise() => Generated.ForAll(Cases, c =>
    {
        (Noise a, Noise b, Noise last) = (A.DrawNoise(Source(c)), B.DrawNoise(Source(c).Part(1)), C.DrawNoise(Source(c).Part(2)));
        Transition<LangevinState> left = Combinators.Compose(Combinators.Compose(A, B), C).Advance(Nest(Nest(a, b), last), State(c));
        Transition<LangevinState> right = Combinators.Compose(A, Combinators.Compose(B, C)).Advance(Nest(a, Nest(b, last)), State(c));
        Transition<LangevinState> flat = Combinators.Compose([A, B, C]).Advance(Nest(a, b, last), State(c));
        Assert.All([right, flat], other =>
        {
            AssertSame(left.State, other.State);
            Assert.Equal(left.Info.GradientCount, other.Info.GradientCount);
        });
    });

    [Fact]
    public void Thinning_what_is_thinned_and_repeating_what_is_repeated_multiply_bit_for_bit()
    {
        Tensor expected = Draws(A.Thin(6), 4);
        Assert.All([A.Thin(2).Thin(3), A.Thin(3).Thin(2), A.Repeat(6), A.Repeat(2).Repeat(3), A.Repeat(3).Thin(2), A.Thin(6).Repeat(1)], kernel => Assert.Equal(expected.ToArray(), Draws(kernel, 4).ToArray()));
        Assert.NotEqual(expected.ToArray(), Draws(A.Thin(5), 4).ToArray());
    }

    [Fact]
    public void A_cycle_takes_turns_and_each_kernel_counts_its_own_transitions()
    {
        List<(string Name, long Step)> seen = [];
        Kernel<LangevinState> cycle = Combinators.Cycle([Watched("a"), Watched("b"), Watched("c")]);
        Draws(cycle, 7);
        Assert.Equal([("a", 0), ("b", 0), ("c", 0), ("a", 1), ("b", 1), ("c", 1), ("a", 2)], seen);

        Kernel<LangevinState> Watched(string name) => new(
            name, 3, DType.Float64, B.Initialize, B.Refresh, B.DrawNoise,
            (noise, state) =>
            {
                seen.Add((name, noise.Step));
                return B.Advance(noise, state);
            });
    }

    [Fact]
    public void A_cycle_draws_other_noise_for_each_kernel()
    {
        Kernel<LangevinState> cycle = Combinators.Cycle([B, B]);
        double[] first = [.. Enumerable.Range(0, 4).Select(step => cycle.DrawNoise(new NoiseSource(Key, step, Lae.Kernels.Chains.Range(2), Workspace.Default)).Parts[0][0].ElementAt(0))];
        Assert.Equal(4, first.Distinct().Count());
    }

    [Fact]
    [Proves("I-11", "compose", "cycle", "repeat")]
    public void I11_cycle_and_composition_are_products_of_affine_maps() => Generated.ForAll(
        All,
        p =>
        {
            Kernel<LangevinState>[] kernels = [.. new[] { 1.0, 0.3, 0.6 }.Select(share => UnadjustedLangevin.Create(p.Target, p.SettingsAt(share * p.StepSize)))];
            AffineMap[] maps = [.. kernels.Select(AffineMap.ReadOff)];
            AssertProduct(AffineMap.ReadOff(Combinators.Compose(kernels)), maps);
            AssertProduct(AffineMap.ReadOff(Combinators.Cycle(kernels).Repeat(3)), maps);
            AssertProduct(AffineMap.ReadOff(Combinators.Cycle(kernels).Repeat(5)), [.. maps, maps[0], maps[1]]);

            // in another order it is another map: the law sees a cycle that begins with the wrong kernel
            if (p.Condition > 2 && p.Dimension > 1)
            {
                Assert.ThrowsAny<Exception>(() => AssertProduct(AffineMap.ReadOff(Combinators.Cycle(kernels).Repeat(4)), [.. maps, maps[1]]));
            }
        },
        40);

    [Fact]
    [Proves("I-10", "compose", "cycle", "mixture", "repeat", "thin")]
    public void I10_exact_kernels_keep_their_law_in_every_combination() => Generated.ForAll(
        All,
        p =>
        {
            Kernel<LangevinState> quick = ExactKernels.OrnsteinUhlenbeck(p, 0.7 * p.StepSize);
            Kernel<LangevinState> slow = ExactKernels.OrnsteinUhlenbeck(p, 2.5 * p.StepSize);
            Tensor covariance = ToTensor(p.Temperature * p.Precision.Inverse());
            Tensor mean = Tensor.FromArray(p.Mean.ToArray());
            Assert.All(
                [quick, Combinators.Compose(quick, slow), Combinators.Cycle([quick, slow]), Combinators.Cycle([slow, quick]).Repeat(3), Combinators.Mixture([quick, slow]), quick.Repeat(3), slow.Thin(2)],
                kernel => StationaryLaw.Check(kernel, covariance, mean, p.Temperature).Require());

            // and the law sees a part that does not keep it
            Assert.False(StationaryLaw.Check(Combinators.Compose(quick, p.Unadjusted), covariance, mean, p.Temperature).Holds);
        },
        40);

    [Fact]
    [Proves("I-55", "compose", "cycle", "repeat")]
    public void I55_on_a_product_target_a_block_ignores_the_other()
    {
        Kernel<LangevinState> kernel = Combinators.Compose(Combinators.Cycle([B, B]), B).Repeat(2);
        Target product = Target.FromGradient(2, x => new LogDensityAndGradient(-x.Square().Square().Sum(1), -4 * x.Square() * x));
        Kernel<LangevinState> both = On(product);
        Kernel<LangevinState> On(Target target) => Combinators.Compose(Combinators.Cycle([U(target, 0.02), U(target, 0.05)]), U(target, 0.01)).Repeat(2);
        static Kernel<LangevinState> U(Target target, double h) => UnadjustedLangevin.Create(target, new LangevinSettings(h, 1.4));
        Tensor here = GaussianProblem.Noise(8, 4, 2);
        Tensor there = Shaping.Join(1, [here.Slice(1, 0, 1), here.Slice(1, 1, 1) * -0.3]);
        Assert.Equal(After(here).Slice(1, 0, 1).ToArray(), After(there).Slice(1, 0, 1).ToArray());
        Assert.Equal(3, kernel.Dimension);

        Tensor After(Tensor x) => both.Transition(new NoiseSource(Key, 0, Lae.Kernels.Chains.Range(4), Workspace.Default), both.Initialize(x)).State.Position;
    }

    private static FsCheck.Gen<int> Cases { get; } = FsCheck.Fluent.Gen.Choose(0, 1_000_000);

    private static NoiseSource Source(int seed) => new(RandomKey.FromSeed((ulong)seed), seed % 7, Lae.Kernels.Chains.Range(Chains), Workspace.Default);

    private static LangevinState State(int seed) => A.Initialize(GaussianProblem.Noise(seed, Chains, 3));

    private static Noise Nest(params Noise[] parts) => new(TensorTree.Empty, [.. parts]);

    private static Tensor Draws(Kernel<LangevinState> kernel, int transitions) => ChainRunner.Run(kernel, RunState.Start(kernel, Start, Key), new RunOptions(transitions)).Positions();

    private static void AssertSame(Transition<LangevinState> expected, Transition<LangevinState> actual)
    {
        AssertSame(expected.State, actual.State);
        Assert.Equal(expected.Info.GradientCount, actual.Info.GradientCount);
        Assert.Equal(expected.Info.AcceptanceProbability?.ToArray(), actual.Info.AcceptanceProbability?.ToArray());
        Assert.Equal(expected.Info.EnergyError?.ToArray(), actual.Info.EnergyError?.ToArray());
    }

    private static void AssertSame(LangevinState expected, LangevinState actual)
    {
        for (int leaf = 0; leaf < expected.Layout.Count; leaf++)
        {
            Assert.Equal(expected.Leaf(leaf).ToArray(), actual.Leaf(leaf).ToArray());
        }
    }

    /// <summary>Fails unless a map is the product of others, the first of which acts first.</summary>
    internal static void AssertProduct(AffineMap actual, IReadOnlyList<AffineMap> maps, double tolerance = 1e-11)
    {
        int d = maps[0].Offset.Count;
        Matrix<double> state = Matrix<double>.Build.DenseIdentity(d);
        Matrix<double> noise = Matrix<double>.Build.Dense(d, d);
        Vector<double> offset = Vector<double>.Build.Dense(d);
        foreach (AffineMap map in maps)
        {
            Matrix<double> b = ToMatrix(map.State);
            state = b * state;
            noise = (b * noise * b.Transpose()) + ToMatrix(map.NoiseCovariance());
            offset = (b * offset) + Vector<double>.Build.Dense(map.Offset.ToArray());
        }

        Assert.True((ToMatrix(actual.State) - state).Enumerate().Max(Math.Abs) <= tolerance, "state");
        Assert.True(Gap(ToMatrix(actual.NoiseCovariance()), noise) <= tolerance, "noise");
        Assert.True((Vector<double>.Build.Dense(actual.Offset.ToArray()) - offset).AbsoluteMaximum() <= tolerance * (1 + offset.AbsoluteMaximum()), "offset");
    }
}
