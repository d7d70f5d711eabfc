using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Composition;

namespace Lae.Tests.Running;

/// <summary>A run moves chains without objects for their noise; laws look at the transition by given noise. Both are one function, bit for bit, for every kernel that configuration can choose, also in memory that is taken back afterwards, where refused rows are put into the memory of a proposal.</summary>
public sealed class KernelMoveTests
{
    public static TheoryData<string> Kernels { get; } = [.. RegisteredKernels.Names];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_transition_is_that_by_the_noise_which_its_source_draws(string name)
    {
        Target target = GaussianTarget.Diagonal(Tensor.FromArray([0.3, -1, 2]), Tensor.FromArray([0.5, 1, 3]));
        RegisteredKernels.Named(name).Create(target).Accept(new BothWays());
    }

    private sealed class BothWays : IKernelVisitor<int>
    {
        public int Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState>
        {
            RandomKey key = RandomKey.FromSeed(5);
            Chains chains = Chains.Of(7, 2, 3, 4, 11, 0, 1, 30);
            TState state = kernel.Initialize(NoiseSource.OfStart(key, chains, Workspace.Default).Normal(9, kernel.Dimension, kernel.DType));
            state = kernel.Thermalize(NoiseSource.OfStart(key, chains, Workspace.Default), state);
            Workspace pooled = Workspace.Pooled();
            TState there = state.Map(leaf => leaf.CopyTo(pooled));
            for (int step = 0; step < 12; step++)
            {
                NoiseSource source = new(key, step, chains, Workspace.Default);
                Transition<TState> by = kernel.Advance(kernel.DrawNoise(source), state);
                Transition<TState> moved = kernel.Transition(source, state);
                Transition<TState> taken = kernel.Transition(new NoiseSource(key, step, chains, pooled) { EndsWithCollection = true }, there);
                for (int i = 0; i < state.Layout.Count; i++)
                {
                    Assert.Equal(Bits(by.State.Leaf(i)), Bits(moved.State.Leaf(i)));
                    Assert.Equal(Bits(by.State.Leaf(i)), Bits(taken.State.Leaf(i)));
                    Assert.Equal(Bits(state.Leaf(i)), Bits(there.Leaf(i)));
                }

                Assert.Equal(Bits(by.Info.AcceptanceProbability), Bits(taken.Info.AcceptanceProbability));
                there = taken.State;
                pooled.Collect(0, [.. Enumerable.Range(0, there.Layout.Count).Select(there.Leaf)]);

                Assert.Equal(by.Info.GradientCount, moved.Info.GradientCount);
                Assert.Equal(Bits(by.Info.AcceptanceProbability), Bits(moved.Info.AcceptanceProbability));
                Assert.Equal(Bits(by.Info.Accepted), Bits(moved.Info.Accepted));
                Assert.Equal(Bits(by.Info.EnergyError), Bits(moved.Info.EnergyError));
                Assert.Equal(Bits(by.Info.Divergent), Bits(moved.Info.Divergent));
                Assert.Equal(Bits(by.Info.ChainGradients), Bits(moved.Info.ChainGradients));
                Assert.Equal(by.Info.Extras?.Names, moved.Info.Extras?.Names);
                Assert.Equal(by.Info.Extras?.Leaves.Select(Bits), moved.Info.Extras?.Leaves.Select(Bits));
                state = moved.State;
            }

            return 0;
        }

        private static long[]? Bits(Tensor? tensor) => tensor?.ToArray().Select(BitConverter.DoubleToInt64Bits).ToArray();
    }
}
