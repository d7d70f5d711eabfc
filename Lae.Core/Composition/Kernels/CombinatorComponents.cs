using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Combinators of kernels and changes of variables, by the names that configuration uses.</summary>
public static class CombinatorComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCombinators(this IServiceCollection services) => services
        .AddComponent<IBijectionFactory, AffineOptions>("Affine", options => options)
        .AddComponent<IBijectionFactory, ExpOptions>("Exp", options => options)
        .AddComponent<IBijectionFactory, BijectionCompositionOptions>("Composition", options => options)
        .AddKernel<KernelsOptions>("Compose", static (options, target) => KernelMeeting.Combine(options.Create(target), new Composed()), static (options, target) => Joint(options.Kernels, target, new Composed()))
        .AddKernel<KernelsOptions>("Cycle", static (options, target) => KernelMeeting.Combine(options.Create(target), new Cycled()), static (options, target) => Joint(options.Kernels, target, new Cycled()))
        .AddKernel<MixtureOptions>(
            "Mixture",
            static (options, target) => KernelMeeting.Combine(options.Kernels.Select(kernel => kernel.Create(target)), options.ToCombination()),
            static (options, target) => Joint(options.Kernels, target, options.ToCombination()))
        .AddKernel<RepetitionOptions>(
            "Repeat",
            static (options, target) => options.Kernel.Create(target).Accept(new Repeated(options.Count)),
            static (options, target) => Around(options.Kernel.Tunable(target), new Repeated(options.Count)))
        .AddKernel<RepetitionOptions>(
            "Thin",
            static (options, target) => options.Kernel.Create(target).Accept(new Thinned(options.Count)),
            static (options, target) => Around(options.Kernel.Tunable(target), new Thinned(options.Count)))
        .AddKernel<AnnealOptions>(
            "Anneal",
            static (options, target) => KernelMeeting.Combine(options.Kernels.Select(kernel => kernel.Create(target)), new Annealed(options.Transitions)),
            static (options, target) => Joint(options.Kernels, target, new Annealed(options.Transitions), lastLeads: true))
        .AddKernel<TemperOptions>(
            "Temper",
            static (options, target) => options.Kernel.Create(target.Temper(options.Temperature)).Accept(new Tempered(target, options.Temperature)),
            static (options, target) => Around(options.Kernel.Tunable(target.Temper(options.Temperature)), new Tempered(target, options.Temperature)))
        .AddKernel<PreconditionOptions>(
            "Precondition",
            static (options, target) => Through(target, options.ToBijection(target), options.Kernel.Create),
            static (options, target) => Through(target, options.ToBijection(target), options.Kernel))
        .AddKernel<ReparametriseOptions>(
            "Reparametrise",
            static (options, target) => Through(target, options.Map.Create(target), options.Kernel.Create),
            static (options, target) => Through(target, options.Map.Create(target), options.Kernel));

    /// <summary>A kernel on other variables.</summary>
    internal static IKernel Through(Target target, Bijection map, Func<Target, IKernel> kernel) => kernel(target.PullBack(map)).Accept(new Reparametrised(target, map));

    private static ITunableKernel? Through(Target target, Bijection map, IKernelFactory kernel) => Around(kernel.Tunable(target.PullBack(map)), new Reparametrised(target, map), map);

    private static ITunableKernel? Around(ITunableKernel? inner, IKernelVisitor<IKernel> around, Bijection? variables = null) =>
        inner is null ? null : TunableCombinations.Around(inner, kernel => kernel.Accept(around), variables);

    private static ITunableKernel? Joint(IKernelFactory[] kernels, Target target, KernelMeeting.ICombination combination, bool lastLeads = false) => TunableCombinations.Of(
        [.. kernels.Select(kernel => new TunablePart(kernel.Create(target), kernel.Tunable(target)))],
        made => KernelMeeting.Combine(made, combination),
        made => KernelMeeting.Combine(made, new Composed()),
        lastLeads);

    private sealed class Composed : KernelMeeting.ICombination
    {
        public IKernel Of<TState>(IReadOnlyList<Kernel<TState>> kernels)
            where TState : class, IKernelState<TState> => Combinators.Compose(kernels);
    }

    private sealed class Cycled : KernelMeeting.ICombination
    {
        public IKernel Of<TState>(IReadOnlyList<Kernel<TState>> kernels)
            where TState : class, IKernelState<TState> => Combinators.Cycle(kernels);
    }

    internal sealed class Mixed(double[]? weights) : KernelMeeting.ICombination
    {
        public IKernel Of<TState>(IReadOnlyList<Kernel<TState>> kernels)
            where TState : class, IKernelState<TState> => Combinators.Mixture(kernels, weights);
    }

    /// <summary>All stages have one target, whose log density and gradient kernels of one state keep; kernels of positions keep neither.</summary>
    private sealed class Annealed(int[] transitions) : KernelMeeting.ICombination
    {
        public IKernel Of<TState>(IReadOnlyList<Kernel<TState>> kernels)
            where TState : class, IKernelState<TState> => Combinators.Anneal(
                [.. kernels.Select((kernel, i) => new AnnealingStage<TState>(kernel, transitions[transitions.Length == 1 ? 0 : i]))], oneTarget: true);
    }

    private sealed class Repeated(int count) : IKernelVisitor<IKernel>
    {
        public IKernel Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => kernel.Repeat(count);
    }

    private sealed class Thinned(int count) : IKernelVisitor<IKernel>
    {
        public IKernel Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => kernel.Thin(count);
    }

    private sealed class Tempered(Target target, double temperature) : IKernelVisitor<IKernel>
    {
        public IKernel Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => Combinators.Temper(target, temperature, _ => kernel);
    }

    private sealed class Reparametrised(Target target, Bijection map) : IKernelVisitor<IKernel>
    {
        public IKernel Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => Combinators.Reparametrise(target, map, _ => kernel);
    }
}

/// <summary>Options of combinators of several kernels.</summary>
public sealed record KernelsOptions
{
    /// <summary>The kernels, in the order in which they run.</summary>
    [Description("the kernels, in the order in which they run; where one has another state than LangevinState they meet on the position, at a gradient more for each")]
    [MinLength(1)]
    public IKernelFactory[] Kernels { get; init; } = [];

    /// <summary>The kernels for a target.</summary>
    internal IEnumerable<IKernel> Create(Target target) => Kernels.Select(kernel => kernel.Create(target));
}

/// <summary>Options of a mixture of kernels.</summary>
public sealed record MixtureOptions : IValidatableObject
{
    /// <summary>The kernels.</summary>
    [Description("the kernels, of which each chain takes one at random in each transition")]
    [MinLength(1)]
    public IKernelFactory[] Kernels { get; init; } = [];

    /// <summary>Weights, one for each kernel; equal if empty.</summary>
    [Description("how often each kernel is taken, positive numbers; equal if none is given")]
    [Range(double.Epsilon, double.MaxValue)]
    public double[] Weights { get; init; } = [];

    /// <summary>The mixture by these weights.</summary>
    internal KernelMeeting.ICombination ToCombination() => new CombinatorComponents.Mixed(Weights.Length == 0 ? null : Weights);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Weights.Length != 0 && Weights.Length != Kernels.Length
        ? [new ValidationResult($"{Kernels.Length} weights are needed, one for each kernel, not {Weights.Length}", [nameof(Weights)])]
        : [];
}

/// <summary>Options of a repeated or thinned kernel.</summary>
public sealed record RepetitionOptions
{
    /// <summary>The kernel.</summary>
    [Description("the kernel")]
    [Required]
    public IKernelFactory Kernel { get; init; } = null!;

    /// <summary>Inner transitions to one.</summary>
    [Description("inner transitions to one that is seen")]
    [Range(1, 1_000_000)]
    public int Count { get; init; } = 2;
}

/// <summary>Options of a schedule of kernels.</summary>
public sealed record AnnealOptions : IValidatableObject
{
    /// <summary>The kernels of the stages.</summary>
    [Description("the kernels of the stages, such as one kernel at falling temperatures; the last goes on for ever")]
    [MinLength(1)]
    public IKernelFactory[] Kernels { get; init; } = [];

    /// <summary>Transitions of each stage.</summary>
    [Description("transitions of each stage: one number for all, or one for each kernel")]
    [MinLength(1)]
    [Range(1, int.MaxValue)]
    public int[] Transitions { get; init; } = [100];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Transitions.Length != 1 && Transitions.Length != Kernels.Length
        ? [new ValidationResult($"one number, or {Kernels.Length}, one for each kernel, is needed, not {Transitions.Length}", [nameof(Transitions)])]
        : [];
}

/// <summary>Options of a kernel on a tempered target.</summary>
public sealed record TemperOptions
{
    /// <summary>The kernel.</summary>
    [Description("the kernel; its step size is for the tempered target")]
    [Required]
    public IKernelFactory Kernel { get; init; } = null!;

    /// <summary>T, positive.</summary>
    [Description("temperature T of the target that it samples, π^(1/T)")]
    [Range(1e-6, 1e6)]
    public double Temperature { get; init; } = 1;
}

/// <summary>Options of a preconditioned kernel.</summary>
public sealed record PreconditionOptions
{
    /// <summary>The kernel.</summary>
    [Description("the kernel, which works on y with x = centre + S y")]
    [Required]
    public IKernelFactory Kernel { get; init; } = null!;

    /// <summary>P = S Sᵀ.</summary>
    [Description("preconditioner P = S Sᵀ, best the covariance of the target")]
    [DefaultValue("Identity")]
    public Preconditioner Preconditioner { get; init; } = Preconditioner.Identity;

    /// <summary>m; 0 if empty.</summary>
    [Description("centre, one number for each coordinate; 0 if none is given")]
    public double[] Centre { get; init; } = [];

    /// <summary>x = m + S y.</summary>
    internal Bijection ToBijection(Target target) =>
        Combinators.LinearMap(target, Preconditioner, Centre.Length == 0 ? null : Tensor.FromArray(Centre).Cast(target.DType));
}

/// <summary>Options of a kernel on other variables.</summary>
public sealed record ReparametriseOptions
{
    /// <summary>The kernel.</summary>
    [Description("the kernel, which works on y with x = f(y)")]
    [Required]
    public IKernelFactory Kernel { get; init; } = null!;

    /// <summary>f.</summary>
    [Description("the change of variables f")]
    [Required]
    public IBijectionFactory Map { get; init; } = null!;
}
