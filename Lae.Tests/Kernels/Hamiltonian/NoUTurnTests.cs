using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;
using Lae.Tests.Kernels.Mutants;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.Mutants.NoUTurnMutants;

namespace Lae.Tests.Kernels;

/// <summary>NUTS against a recursive reference of one chain: from the same noise the same leaf, the same count of leaves and depth; and the bugs that this must see.</summary>
public sealed class NoUTurnTests
{
    private static readonly Gen<Case> Cases =
        from problem in HamiltonianCase.Cases
        from logStep in Gen.Choose(-2000, 250)
        from maxDepth in Gen.Choose(1, 7)
        select new Case(problem with { StepSize = Math.Pow(10, logStep / 1000.0) }, maxDepth);

    [Fact]
    [Proves("I-13", "NUTS")]
    [Proves("I-16", "NUTS")]
    public void The_same_noise_gives_what_the_recursive_definition_gives()
    {
        int divergent = 0;
        int deepest = 0;
        int turned = 0;
        Generated.ForAll(
            Cases,
            c =>
            {
                Assert.Equal(string.Empty, Difference(c, NoUTurnBug.None, out StepInfo info));
                divergent += (int)info.Divergent!.Sum().ToDouble();
                deepest = Math.Max(deepest, (int)info.Extras!["treeDepth"].Max(0).ToDouble());
                turned += info.Extras["treeDepth"].ToArray().Count(depth => depth < c.MaxDepth);
            },
            200);

        // the cases have all kinds of trajectories in them
        Assert.InRange(divergent, 10, 500);
        Assert.Equal(7, deepest);
        Assert.InRange(turned, 200, 950);
    }

    [Theory]
    [InlineData(NoUTurnBug.WeightsDropped)]
    [InlineData(NoUTurnBug.OneEndOnly)]
    [InlineData(NoUTurnBug.NoTestWithinDoublings)]
    [InlineData(NoUTurnBug.NoTestAcross)]
    [InlineData(NoUTurnBug.MassIgnored)]
    public void Every_bug_is_seen(NoUTurnBug bug) =>
        Assert.Contains(Enumerable.Range(0, 40), seed => Difference(
            new Case(new HamiltonianCase(SampleTargets.All[seed % 3], 0.2, 1, 1.7, PreconditionerKind.Dense, false, 1, seed), 6), bug, out _).Length > 0);

    [Fact]
    [Proves("I-26", "NUTS")]
    public void I26_on_a_flat_target_every_leaf_is_as_good() => Generated.ForAll(
        Cases,
        c =>
        {
            Kernel<LangevinState> kernel = (c with { Problem = c.Problem with { Target = HamiltonianMonteCarloTests.Flat(c.Problem.Dimension) } }).Kernel(NoUTurnBug.None);
            StepInfo info = kernel.Transition(c.Source(), kernel.Initialize(c.Problem.Positions())).Info;
            Assert.All(info.AcceptanceProbability!.ToArray(), accepted => Assert.Equal(1, accepted, 1e-12));
            Assert.All(info.EnergyError!.ToArray(), error => Assert.Equal(0, error, 1e-12));
            Assert.All(info.Accepted!.ToArray(), moved => Assert.Equal(1, moved));
            // no straight line turns: every doubling is made
            Assert.All(info.Extras!["leapfrogs"].ToArray(), leapfrogs => Assert.Equal((1 << c.MaxDepth) - 1, leapfrogs));
            Assert.Equal((1 << c.MaxDepth) - 1, info.GradientCount);
        },
        30);

    [Fact]
    public void The_leaf_is_uniform_on_a_flat_target_but_for_the_preference_of_the_new()
    {
        // every leaf of the last doubling is taken with the same probability 2^(1 − maxDepth), and none before it: W_new = W_old
        const int Depth = 3;
        const int Rows = 20_000;
        Target flat = HamiltonianMonteCarloTests.Flat(1);
        Kernel<LangevinState> kernel = NoUTurn.Create(flat, new NoUTurnSettings(1, Depth));
        Noise noise = kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(4), 0, Chains.Range(Rows), Workspace.Default));
        noise = noise with { Leaves = noise.Leaves.With("xi", Tensor.Ones(new Shape(Rows, 1), DType.Float64)).With("uniformDirection", Tensor.Full(0.9, new Shape(Rows, Depth), DType.Float64)) };
        double[] x = kernel.Advance(noise, kernel.Initialize(Tensor.Zeros(new Shape(Rows, 1), DType.Float64))).State.Position.ToArray();
        int[] counts = [.. Enumerable.Range(0, 8).Select(i => x.Count(value => Math.Abs(value - i) < 1e-9))];
        Assert.Equal(0, counts[..4].Sum());
        // binomial with p = 1/4: five standard deviations
        Assert.All(counts[4..], count => Assert.InRange(count, (Rows / 4) - (5 * Math.Sqrt(Rows * 3 / 16.0)), (Rows / 4) + (5 * Math.Sqrt(Rows * 3 / 16.0))));
    }

    /// <summary>What of a transition of all chains differs from the reference of each; nothing if all is the same.</summary>
    private static string Difference(Case c, NoUTurnBug bug, out StepInfo info)
    {
        HamiltonianCase p = c.Problem;
        Kernel<LangevinState> kernel = c.Kernel(bug);
        Noise noise = kernel.DrawNoise(c.Source());
        Transition<LangevinState> next = kernel.Advance(noise, kernel.Initialize(p.Positions()));
        info = next.Info;
        Tensor momentum = p.MassMatrix.ApplyRoot(noise[0]) * Math.Sqrt(p.Temperature);
        List<string> wrong = [];
        for (int i = 0; i < HamiltonianCase.Points; i++)
        {
            NoUTurnReference.Outcome expected = new NoUTurnReference(p.Target, c.Settings, p.Mass, Row(noise[1]), Row(noise[2]), Row(noise[3]))
                .Transition(p.Positions().Slice(0, i, 1), momentum.Slice(0, i, 1));
            Check(Row(next.State.Position).SequenceEqual(expected.Position), "position");
            Check(At(info.Extras!["leapfrogs"]) == expected.Leapfrogs, "leapfrogs");
            Check(At(info.Extras["treeDepth"]) == expected.Depth, "depth");
            Check(At(info.Divergent!) == (expected.Diverged ? 1 : 0), "divergence");
            Check(At(info.Accepted!) == (expected.Moved ? 1 : 0), "moved");
            Check(Math.Abs(At(info.AcceptanceProbability!) - expected.Acceptance) < 1e-9, "acceptance");
            Check(Math.Abs(At(info.EnergyError!) - expected.EnergyError) < 1e-9 * (1 + Math.Abs(expected.EnergyError)), "energy error");

            double At(Tensor column) => column.ElementAt(i);

            double[] Row(Tensor rows) => rows.Slice(0, i, 1).ToArray();

            void Check(bool holds, string what)
            {
                if (!holds)
                {
                    wrong.Add($"{what} of chain {i}");
                }
            }
        }

        return string.Join(", ", wrong);
    }

    private sealed record Case(HamiltonianCase Problem, int MaxDepth)
    {
        public NoUTurnSettings Settings => new(Problem.StepSize, MaxDepth, Problem.Temperature, Problem.MassMatrix);

        public Kernel<LangevinState> Kernel(NoUTurnBug bug) => NoUTurnMutants.Create(Problem.Target, Settings, bug);

        public NoiseSource Source() => new(RandomKey.FromSeed((ulong)Problem.Seed), 0, Chains.Range(HamiltonianCase.Points), Workspace.Default);
    }
}
