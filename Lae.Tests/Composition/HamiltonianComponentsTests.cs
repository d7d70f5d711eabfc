using Lae.Composition;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Composition;

/// <summary>The Hamiltonian kernels by name: the options reach the kernel.</summary>
public sealed class HamiltonianComponentsTests
{
    private static readonly Target Target = SampleTargets.Quartic(2);
    private static readonly MassMatrix Mass = MassMatrix.Diagonal(Tensor.FromArray([0.5, 2]));
    private static readonly HamiltonianSettings Settings = new(0.2, 3, 1.5, Mass, TwoStage.Integrator);

    [Fact]
    public void Each_kernel_is_that_of_its_settings()
    {
        AssertSame("HMC", new HamiltonianOptions { StepSize = 0.2, Steps = 3, Temperature = 1.5, Mass = Mass, Integrator = IntegratorKind.TwoStage }, HamiltonianMonteCarlo.Create(Target, Settings));
        LangevinTrajectoryOptions trajectory = new() { StepSize = 0.2, Steps = 3, Temperature = 1.5, Mass = Mass, Integrator = IntegratorKind.TwoStage, Friction = 0.7 };
        AssertSame("GHMC", trajectory, GeneralizedHamiltonian.Create(Target, new LangevinTrajectorySettings(Settings, 0.7)));
        AssertSame("MALT", new AdjustedTrajectoryOptions { StepSize = 0.2, Steps = 3, Temperature = 1.5, Mass = Mass, Integrator = IntegratorKind.TwoStage, Friction = 0.7 }, MetropolisLangevinTrajectories.Create(Target, new LangevinTrajectorySettings(Settings, 0.7)));
        AssertSame("NUTS", new NoUTurnOptions { StepSize = 0.2, MaxDepth = 4, Temperature = 1.5, Mass = Mass }, NoUTurn.Create(Target, new NoUTurnSettings(0.2, 4, 1.5, Mass)));
    }

    [Fact]
    public void Defaults_are_valid_and_the_leapfrog_is_one_of_them()
    {
        AssertSame("HMC", new HamiltonianOptions(), HamiltonianMonteCarlo.Create(Target, new HamiltonianSettings(0.1, 10)));
        AssertSame("GHMC", new LangevinTrajectoryOptions(), GeneralizedHamiltonian.Create(Target, new LangevinTrajectorySettings(new HamiltonianSettings(0.1, 10), 1)));
        AssertSame("MALT", new AdjustedTrajectoryOptions(), MetropolisLangevinTrajectories.Create(Target, new LangevinTrajectorySettings(new HamiltonianSettings(0.1, 10), 0.5)));
        AssertSame("NUTS", new NoUTurnOptions(), NoUTurn.Create(Target, new NoUTurnSettings(0.1)));
    }

    private static void AssertSame(string name, object options, IKernel expected)
    {
        ComponentDescriptor component = Assert.Single(
            new ServiceCollection().AddHamiltonianKernels().Select(service => service.ImplementationInstance).OfType<ComponentDescriptor>(),
            descriptor => descriptor.Contract == typeof(IKernelFactory) && descriptor.Name == name);
        Assert.Equal(options.GetType(), component.Options);
        IKernel made = ((IKernelFactory)component.Create(options)).Create(Target);
        Assert.Equal(expected.Name, made.Name);
        Assert.Equal(expected.Accept(new OneTransition()), made.Accept(new OneTransition()));
    }

    private sealed class OneTransition : IKernelVisitor<double[]>
    {
        public double[] Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => kernel.Transition(
                new NoiseSource(RandomKey.FromSeed(1), 0, Chains.Range(4), Workspace.Default), kernel.Initialize(GaussianProblem.Noise(1, 4, 2))).Info.EnergyError!.ToArray();
    }
}
