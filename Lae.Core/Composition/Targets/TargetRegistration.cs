using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>Makes the distribution to sample: what configuration chooses by type.</summary>
public interface ITargetFactory
{
    /// <summary>The distribution, with the names of what is reported of it; reads data where it has any.</summary>
    /// <returns>A posterior, with warnings about its data.</returns>
    /// <exception cref="ArgumentException">The options do not fit each other, or the data do not fit the model.</exception>
    /// <exception cref="ArithmeticException">A matrix is not positive definite.</exception>
    /// <exception cref="Formats.DataFormatException">A data file is not as it must be; the message names the file and the place.</exception>
    PosteriorOfData Create();
}

/// <summary>Registration of targets by name.</summary>
public static class TargetRegistration
{
    /// <summary>Adds a target that configuration can choose, whose coordinates are reported as they are.</summary>
    /// <typeparam name="TOptions">Its options: an immutable record with a parameterless constructor, <c>init</c> properties and validation attributes.</typeparam>
    /// <param name="services">Where components are registered.</param>
    /// <param name="name">The value of <c>"Type"</c>, unique among targets.</param>
    /// <param name="create">Makes the target from valid options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTarget<TOptions>(this IServiceCollection services, string name, Func<TOptions, Target> create)
        where TOptions : class, new() =>
        services.AddTarget<TOptions>(name, options => new PosteriorOfData(Posterior.Of(create(options))));

    /// <summary>Adds a posterior with names of its own that configuration can choose.</summary>
    /// <typeparam name="TOptions">Its options, as above.</typeparam>
    /// <param name="services">Where components are registered.</param>
    /// <param name="name">The value of <c>"Type"</c>, unique among targets.</param>
    /// <param name="create">Makes the posterior from valid options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTarget<TOptions>(this IServiceCollection services, string name, Func<TOptions, Posterior> create)
        where TOptions : class, new() =>
        services.AddTarget<TOptions>(name, options => new PosteriorOfData(create(options)));

    /// <summary>Adds a posterior with warnings about its data that configuration can choose.</summary>
    /// <typeparam name="TOptions">Its options, as above.</typeparam>
    /// <param name="services">Where components are registered.</param>
    /// <param name="name">The value of <c>"Type"</c>, unique among targets.</param>
    /// <param name="create">Makes the posterior from valid options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTarget<TOptions>(this IServiceCollection services, string name, Func<TOptions, PosteriorOfData> create)
        where TOptions : class, new() =>
        services.AddComponent<ITargetFactory, TOptions>(name, options => new TargetFactory(() => create(options)));

    private sealed class TargetFactory(Func<PosteriorOfData> create) : ITargetFactory
    {
        public PosteriorOfData Create() => create();
    }
}
