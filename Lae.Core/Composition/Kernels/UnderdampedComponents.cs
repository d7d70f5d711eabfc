using Lae.Kernels;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The underdamped kernels and mass matrices, by the names that configuration uses.</summary>
public static class UnderdampedComponents
{
    /// <summary>Registers them.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddUnderdampedKernels(this IServiceCollection services) => services
        .AddComponent<MassMatrix, NoOptions>("Identity", _ => MassMatrix.Identity)
        .AddComponent<MassMatrix, DiagonalMatrixOptions>("Diagonal", options => MassMatrix.Diagonal(options.ToTensor()))
        .AddComponent<MassMatrix, DenseMatrixOptions>("Dense", options => MassMatrix.Dense(options.ToTensor()));
}
