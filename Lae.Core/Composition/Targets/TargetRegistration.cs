using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Makes the distribution to sample: what configuration chooses by type.</summary>
public interface ITargetFactory
{
    /// <summary>The distribution.</summary>
    /// <returns>A target.</returns>
    /// <exception cref="ArgumentException">The options do not fit each other.</exception>
    /// <exception cref="ArithmeticException">A matrix is not positive definite.</exception>
    Target Create();
}

/// <summary>Registration of targets by name.</summary>
public static class TargetRegistration
{
    /// <summary>Adds a target that configuration can choose.</summary>
    /// <typeparam name="TOptions">Its options: an immutable record with a parameterless constructor, <c>init</c> properties and validation attributes.</typeparam>
    /// <param name="services">Where components are registered.</param>
    /// <param name="name">The value of <c>"Type"</c>, unique among targets.</param>
    /// <param name="create">Makes the target from valid options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTarget<TOptions>(this IServiceCollection services, string name, Func<TOptions, Target> create)
        where TOptions : class, new() =>
        services.AddComponent<ITargetFactory, TOptions>(name, options => new TargetFactory(() => create(options)));

    private sealed class TargetFactory(Func<Target> create) : ITargetFactory
    {
        public Target Create() => create();
    }
}
