using Lae.Adaptation;
using Lae.Kernels;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Makes a kernel for a target: what configuration chooses by type, and what kernels made of other kernels are made of.</summary>
public interface IKernelFactory
{
    /// <summary>A kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <returns>The kernel, its state type erased. Where settings are open (<see cref="Tunable"/>) they have the defaults that the options document; the step size is then 0.1, fit for coordinates of deviation about 1.</returns>
    /// <exception cref="ArgumentException">The options do not fit the target.</exception>
    IKernel Create(Target target);

    /// <summary>The kernel with its open settings: those that the configuration leaves to a warm-up by not giving a step size.</summary>
    /// <param name="target">The distribution.</param>
    /// <returns>A kernel to be warmed up; null if nothing of it is open.</returns>
    /// <exception cref="ArgumentException">The options do not fit the target, or what is open cannot be found.</exception>
    ITunableKernel? Tunable(Target target) => null;
}

/// <summary>Registration of kernels by name.</summary>
public static class KernelRegistration
{
    /// <summary>Adds a kernel that configuration can choose: all that a project needs to plug its own in.</summary>
    /// <typeparam name="TOptions">Its options: an immutable record with a parameterless constructor, <c>init</c> properties and validation attributes.</typeparam>
    /// <param name="services">Where components are registered.</param>
    /// <param name="name">The value of <c>"Type"</c>, unique among kernels.</param>
    /// <param name="create">Makes the kernel from valid options and a target.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKernel<TOptions>(this IServiceCollection services, string name, Func<TOptions, Target, IKernel> create)
        where TOptions : class, new() =>
        services.AddComponent<IKernelFactory, TOptions>(name, options => new KernelFactory(target => create(options, target), static _ => null));

    /// <summary>Adds a kernel that configuration can choose, of which settings may be left open.</summary>
    /// <typeparam name="TOptions">Its options: an immutable record with a parameterless constructor, <c>init</c> properties and validation attributes.</typeparam>
    /// <param name="services">Where components are registered.</param>
    /// <param name="name">The value of <c>"Type"</c>, unique among kernels.</param>
    /// <param name="create">Makes the kernel from valid options and a target, with defaults for what is open.</param>
    /// <param name="tunable">The kernel with its open settings; null if nothing is open.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKernel<TOptions>(
        this IServiceCollection services, string name, Func<TOptions, Target, IKernel> create, Func<TOptions, Target, ITunableKernel?> tunable)
        where TOptions : class, new() =>
        services.AddComponent<IKernelFactory, TOptions>(name, options => new KernelFactory(target => create(options, target), target => tunable(options, target)));

    private sealed class KernelFactory(Func<Target, IKernel> create, Func<Target, ITunableKernel?> tunable) : IKernelFactory
    {
        public IKernel Create(Target target) => create(target);

        public ITunableKernel? Tunable(Target target) => tunable(target);
    }
}
