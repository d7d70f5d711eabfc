using Lae.Kernels;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Makes a kernel for a target: what configuration chooses by type, and what kernels made of other kernels are made of.</summary>
public interface IKernelFactory
{
    /// <summary>A kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <returns>The kernel, its state type erased.</returns>
    /// <exception cref="ArgumentException">The options do not fit the target.</exception>
    IKernel Create(Target target);
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
        services.AddComponent<IKernelFactory, TOptions>(name, options => new KernelFactory(target => create(options, target)));

    private sealed class KernelFactory(Func<Target, IKernel> create) : IKernelFactory
    {
        public IKernel Create(Target target) => create(target);
    }
}
