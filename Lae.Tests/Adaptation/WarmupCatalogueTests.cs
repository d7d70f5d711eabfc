using Lae.Adaptation;
using Lae.Composition;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.Extensions.DependencyInjection;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Adaptation;

/// <summary>Every kernel that configuration can choose, by reflection over the registry, its settings open: what the standard warm-up finds on Gaussians, and that the frozen kernel keeps its target.</summary>
public sealed class WarmupCatalogueTests
{
    private const int Chains = 16;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    private static readonly ComponentDescriptor[] Known = [.. new ServiceCollection().AddLaeKernels().Select(service => service.ImplementationInstance).OfType<ComponentDescriptor>()];

    private static readonly Lazy<ExactStart> Exact = new(() => new ExactStart(Law(), 20_000, [1, 10]));

    /// <summary>Sees a distance of 0.08: an unadjusted kernel's bias is to be smaller. After 30 transitions, since momenta that are independent of the position are not the stationary ones of all.</summary>
    private static readonly Lazy<ExactStart> Coarse = new(() => new ExactStart(Law(), 2_000, [30]));

    public static TheoryData<string> Kernels { get; } = [.. Known.Where(component => component.Contract == typeof(IKernelFactory)).Select(component => component.Name)];

    /// <summary>
    /// Kernels that begin elsewhere than in the law that they keep: replicas start at the cold ones' places, annealing starts hot, and pSGLD scales its first steps by one gradient. What they are tuned by is tested, and other tests have their laws.
    /// </summary>
    private static string[] NotInTheirLaw => ["ReplicaExchange", "AnnealedLangevin", "pSGLD"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Acceptance_comes_within_a_tenth_of_its_target_at_any_condition(string name)
    {
        const int Dimension = 8;
        List<double> stepSizes = [];
        foreach ((double condition, bool isRotated) in new[] { (1.0, false), (100, false), (100, true), (10_000, false), (10_000, true) })
        {
            ITunableKernel tunable = Open(name).Tunable(Gaussian(Dimension, condition, isRotated))!;
            WarmupOutcome found = Warmup.Standard(tunable).Run(Noise(5, Chains, Dimension), Key, new WarmupSettings(300));
            double acceptance = tunable.CreateDeciding(found.Tuning).Accept(new MeanAcceptance(found.Position));
            Assert.True(
                Math.Abs(acceptance - tunable.Aims.TargetAcceptance) < 0.1,
                $"{name} accepts {acceptance:F3} and aims at {tunable.Aims.TargetAcceptance:F3}, condition {condition}, rotated {isRotated}, step size {found.Tuning.StepSize:G3}");
            stepSizes.Add(found.Tuning.StepSize);
        }

        // in the coordinates that the scale makes, all of these targets are one; pSGLD scales itself by its gradients instead
        if (name != "pSGLD")
        {
            Assert.InRange(stepSizes.Max() / stepSizes.Min(), 1, 1.4);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    [Proves("R-13", "runner")]
    public void R13_the_frozen_kernel_keeps_its_target_from_exact_starts(string name)
    {
        ITunableKernel tunable = Open(name).Tunable(Law().Target)!;
        WarmupOutcome found = tunable.WarmUp(Noise(5, Chains, 3), Key, new WarmupSettings(200));
        if (name != "ReplicaExchange")
        {
            tunable.CreateDeciding(found.Tuning).Accept(new FromExactStarts(Exact.Value)).Require();
        }

        if (!NotInTheirLaw.Contains(name))
        {
            tunable.Create(found.Tuning).Accept(new FromExactStarts(Coarse.Value)).Require();
        }
    }

    /// <summary>Averaged from ten times the rough step size, as for kernels that refuse, 30 transitions of 3 chains left SGNHT a step by which its thermostat ran away.</summary>
    [Fact]
    public void A_short_warm_up_leaves_an_unadjusted_kernel_no_step_by_which_it_runs_away()
    {
        Target target = GaussianTarget.Dense(Tensor.FromArray([1.0, -2]), Tensor.FromArray([2, 0.6, 0.6, 1], 2, 2));
        foreach (string name in new[] { "ULA", "OBABO", "SGHMC", "SGNHT", "BADODAB" })
        {
            ITunableKernel tunable = Open(name).Tunable(target)!;
            WarmupOutcome found = tunable.WarmUp(Noise(5, 3, 2), Key, new WarmupSettings(30));
            Assert.InRange(tunable.CreateDeciding(found.Tuning).Accept(new MeanAcceptance(found.Position)), tunable.Aims.TargetAcceptance - 0.05, 1);
            Assert.InRange(tunable.Create(found.Tuning).Accept(new MeanSquare(found.Position)), 0, 100);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Nothing_is_open_where_the_step_size_is_given(string name) => Assert.Null(Make(name, open: false).Tunable(Law().Target));

    [Fact]
    public void A_scale_that_is_given_stays()
    {
        LangevinOptions options = new() { Preconditioner = Preconditioner.Identity };
        WarmupOutcome found = Make("MALA", options).Tunable(Gaussian(4, 100, isRotated: false))!.WarmUp(Noise(5, 4, 4), Key, new WarmupSettings(100));
        Assert.Null(found.Tuning.Covariance);
        Assert.InRange(found.Acceptance, 0.4, 0.75);
        HamiltonianOptions steps = new() { Steps = 3 };
        Assert.Null(Make("HMC", steps).Tunable(Law().Target)!.WarmUp(Noise(5, 4, 3), Key, new WarmupSettings(60)).Tuning.PathLength);
        ReplicaExchangeOptions ladder = new() { Kernel = Make("MALA", new LangevinOptions { StepSize = 0.3 }) };
        WarmupOutcome spaced = Make("ReplicaExchange", ladder).Tunable(Law().Target)!.WarmUp(Noise(5, 4, 3), Key, new WarmupSettings(60));
        Assert.Equal((1, 8, 4), (spaced.Tuning.Temperatures[0], spaced.Tuning.Temperatures[^1], spaced.Tuning.Temperatures.Length));
    }

    [Fact]
    public void Kernels_on_other_variables_cannot_share_a_warm_up_and_say_so()
    {
        IKernelFactory mala = Make("MALA", new LangevinOptions());
        IKernelFactory scaled = Make("Reparametrise", new ReparametriseOptions { Kernel = mala, Map = new AffineOptions { Scale = [2] } });
        IKernelFactory both = Make("Cycle", new KernelsOptions { Kernels = [mala, scaled] });
        Assert.Contains("Give StepSize to one of them", Assert.Throws<ArgumentException>(() => both.Tunable(Law().Target)).Message, StringComparison.Ordinal);
        IKernelFactory one = Make("Cycle", new KernelsOptions { Kernels = [Make("MALA", new LangevinOptions { StepSize = 0.2 }), scaled] });
        Assert.NotNull(one.Tunable(Law().Target));
    }

    private static ExactTarget Law() => ExactGaussian.Create(Tensor.Zeros(new Shape(3), DType.Float64), Tensor.FromArray([1.0, 0, 0, 0, 0.25, 0, 0, 0, 4], 3, 3));

    private static Target Gaussian(int dimension, double condition, bool isRotated)
    {
        Vector<double> precisions = Vector<double>.Build.Dense(dimension, i => Math.Pow(condition, -(double)i / (dimension - 1)));
        Matrix<double> rotation = isRotated ? Rotation(dimension, 3) : Matrix<double>.Build.DenseIdentity(dimension);
        Matrix<double> precision = rotation * Matrix<double>.Build.DiagonalOfDiagonalVector(precisions) * rotation.Transpose();
        return GaussianTarget.Dense(Tensor.Zeros(new Shape(dimension), DType.Float64), ToTensor(0.5 * (precision + precision.Transpose())));
    }

    private static IKernelFactory Open(string name) => Make(name, open: true);

    /// <summary>A kernel of default options, of which all is open or, with a step size, nothing.</summary>
    private static IKernelFactory Make(string name, bool open)
    {
        ComponentDescriptor component = Known.Single(one => one.Contract == typeof(IKernelFactory) && one.Name == name);
        object options = Activator.CreateInstance(component.Options)!;
        double? stepSize = open ? null : 0.2;
        foreach (System.Reflection.PropertyInfo property in component.Options.GetProperties())
        {
            object? value = property.Name switch
            {
                "StepSize" => stepSize,
                "Schedule" when !open => new ConstantSchedule(0.2),
                "Temperatures" when !open => property.GetValue(options) ?? new double[] { 1, 2 },
                "Kernel" => Make("MALA", new LangevinOptions { StepSize = stepSize }),
                "Kernels" => new[] { Make("MALA", new LangevinOptions { StepSize = stepSize }), Make("BAOAB", new UnderdampedOptions { StepSize = stepSize }) },
                "Map" => new AffineOptions { Scale = [2] },
                _ => null,
            };
            if (value is not null)
            {
                property.SetValue(options, value);
            }
        }

        return (IKernelFactory)component.Create(options);
    }

    private static IKernelFactory Make(string name, object options) =>
        (IKernelFactory)Known.Single(component => component.Contract == typeof(IKernelFactory) && component.Name == name).Create(options);

    private sealed class MeanAcceptance(Tensor position) : IKernelVisitor<double>
    {
        public double Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> =>
            ChainRunner.Run(kernel, RunState.Start(kernel, position, RandomKey.FromSeed(99)), new RunOptions(100)).Draws.Average(draw => draw.Info.MeanAcceptance);
    }

    private sealed class MeanSquare(Tensor position) : IKernelVisitor<double>
    {
        public double Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> =>
            ChainRunner.Run(kernel, RunState.Start(kernel, position, RandomKey.FromSeed(98)), new RunOptions(1000)).Positions().Square().Mean().ToDouble();
    }

    private sealed class FromExactStarts(ExactStart law) : IKernelVisitor<LawResult>
    {
        public LawResult Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => law.Check(kernel, RandomKey.FromSeed(2));
    }
}
