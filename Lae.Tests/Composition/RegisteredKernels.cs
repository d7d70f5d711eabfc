using Lae.Composition;
using Lae.Kernels;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Composition;

/// <summary>Every kernel that configuration can choose, one configuration each: by reflection over the registration, so that a new kernel is there without being named here.</summary>
internal static class RegisteredKernels
{
    private static readonly ComponentDescriptor[] Known =
    [
        .. new ServiceCollection().AddLaeKernels().Select(service => service.ImplementationInstance).OfType<ComponentDescriptor>()
            .Where(component => component.Contract == typeof(IKernelFactory)),
    ];

    /// <summary>The names of all.</summary>
    public static IEnumerable<string> Names => Known.Select(component => component.Name);

    /// <summary>A kernel of a name: with its default options, or, where it is made of others, of MALA and of a kernel with another state.</summary>
    public static IKernelFactory Named(string name)
    {
        ComponentDescriptor component = Known.Single(other => other.Name == name);
        return (IKernelFactory)component.Create(Needed(name) ?? Activator.CreateInstance(component.Options)!);
    }

    private static object? Needed(string name) => name switch
    {
        "Compose" or "Cycle" => new KernelsOptions { Kernels = Two },
        "Mixture" => new MixtureOptions { Kernels = Two },
        "Anneal" => new AnnealOptions { Kernels = Two },
        "Repeat" or "Thin" => new RepetitionOptions { Kernel = One },
        "Temper" => new TemperOptions { Kernel = One, Temperature = 2 },
        "Precondition" => new PreconditionOptions { Kernel = One },
        "Reparametrise" => new ReparametriseOptions { Kernel = One, Map = new AffineOptions { Scale = [0.5] } },
        "ReplicaExchange" => new ReplicaExchangeOptions { Kernel = One },
        _ => null,
    };

    private static IKernelFactory One => Named("MALA");

    private static IKernelFactory[] Two => [One, Named("BAOAB")];
}
